"""Every publication that may be imported, with the licence line that must stand beside its figures.

Literal records: a new publication is one record here. Stored tables refer to them by `source_id`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SourceDisclosure = Literal["published", "protected_at_source", "local_sensitive"]

OGL = "Open Government Licence v3.0"
OGL_V2 = "Open Government Licence v2.0"
_OGL_LINE = "licensed under the Open Government Licence v3.0."
_OGL_V2_LINE = "licensed under the Open Government Licence v2.0 or later."
_OS_LINE = "Contains OS data © Crown copyright and database right."
_ROYAL_MAIL_LINE = "Contains Royal Mail data © Royal Mail copyright and database right."


@dataclass(frozen=True)
class Source:
    """One publication.

    Parameters
    ----------
    id : str
        Key used in provenance and catalogue.
    title : str
        Of the publication, as the publisher writes it.
    publisher : str
    licence : str
    attribution : str
        The line that must stand on every page, chart and export that shows it.
    url : str
        Where a person finds the newest release.
    cadence : str
        How often it is published: "monthly", "yearly", "10 years".
    disclosure : SourceDisclosure
        "published": no disclosure control that matters at this level; "protected_at_source": the
        publisher perturbed or suppressed small cells; "local_sensitive": small counts are suppressed here.
    """

    id: str
    title: str
    publisher: str
    licence: str
    attribution: str
    url: str
    cadence: str
    disclosure: SourceDisclosure


SOURCES: dict[str, Source] = {
    source.id: source
    for source in (
        Source(
            "ons_boundaries",
            "Statistical and electoral boundaries",
            "Office for National Statistics, Open Geography Portal",
            OGL,
            f"Source: Office for National Statistics {_OGL_LINE} {_OS_LINE}",
            "https://geoportal.statistics.gov.uk/",
            "yearly",
            "published",
        ),
        Source(
            "ons_lookups",
            "Lookups between geographies and population-weighted centroids",
            "Office for National Statistics, Open Geography Portal",
            OGL,
            f"Source: Office for National Statistics {_OGL_LINE} {_OS_LINE}",
            "https://geoportal.statistics.gov.uk/",
            "yearly",
            "published",
        ),
        Source(
            "os_codepoint",
            "Code-Point Open",
            "Ordnance Survey",
            OGL,
            f"{_OS_LINE} {_ROYAL_MAIL_LINE} "
            "Source: Office for National Statistics licensed under the Open Government Licence v3.0.",
            "https://www.ordnancesurvey.co.uk/products/code-point-open",
            "quarterly",
            "published",
        ),
        Source(
            "ons_census_2021",
            "Census 2021",
            "Office for National Statistics, through Nomis",
            OGL,
            f"Source: Office for National Statistics, Census 2021, {_OGL_LINE}",
            "https://www.nomisweb.co.uk/sources/census_2021",
            "10 years",
            "protected_at_source",
        ),
        Source(
            "ons_census_2011",
            "Census 2011",
            "Office for National Statistics, through Nomis",
            OGL,
            f"Source: Office for National Statistics, Census 2011, {_OGL_LINE}",
            "https://www.nomisweb.co.uk/sources/census_2011",
            "10 years",
            "protected_at_source",
        ),
        Source(
            "police_uk",
            "Street-level crime and anti-social behaviour",
            "data.police.uk (Home Office and police forces)",
            OGL,
            f"Source: data.police.uk {_OGL_LINE}",
            "https://data.police.uk/data/",
            "monthly",
            "protected_at_source",
        ),
        Source(
            "mhclg_iod_2025",
            "English Indices of Deprivation 2025",
            "Ministry of Housing, Communities and Local Government",
            OGL,
            f"Source: Ministry of Housing, Communities and Local Government {_OGL_LINE}",
            "https://www.gov.uk/government/statistics/english-indices-of-deprivation-2025",
            "about 5 years",
            "protected_at_source",
        ),
        Source(
            "mhclg_iod_2019",
            "English Indices of Deprivation 2019",
            "Ministry of Housing, Communities and Local Government",
            OGL,
            f"Source: Ministry of Housing, Communities and Local Government {_OGL_LINE}",
            "https://www.gov.uk/government/statistics/english-indices-of-deprivation-2019",
            "about 5 years",
            "protected_at_source",
        ),
        Source(
            "dwp_cilif",
            "Children in low income families: local area statistics",
            "Department for Work and Pensions",
            OGL,
            f"Source: Department for Work and Pensions {_OGL_LINE}",
            "https://www.gov.uk/government/collections/children-in-low-income-families-local-area-statistics",
            "yearly",
            "protected_at_source",
        ),
        Source(
            "claimant_count",
            "Claimant count",
            "Office for National Statistics and Department for Work and Pensions, through Nomis",
            OGL,
            "Source: Office for National Statistics and Department for Work and Pensions, through Nomis, "
            + _OGL_LINE,
            "https://www.nomisweb.co.uk/datasets/ucjsa",
            "monthly",
            "protected_at_source",
        ),
        Source(
            "desnz_fuel_poverty",
            "Sub-regional fuel poverty",
            "Department for Energy Security and Net Zero",
            OGL,
            f"Source: Department for Energy Security and Net Zero {_OGL_LINE}",
            "https://www.gov.uk/government/collections/fuel-poverty-sub-regional-statistics",
            "yearly",
            "published",
        ),
        Source(
            "dwp_housing_benefit",
            "Housing Benefit claimants (Stat-Xplore)",
            "Department for Work and Pensions",
            OGL,
            f"Source: Department for Work and Pensions, Stat-Xplore, {_OGL_LINE}",
            "https://stat-xplore.dwp.gov.uk/",
            "monthly",
            "protected_at_source",
        ),
        Source(
            "dwp_stat_xplore",
            "Universal Credit and Personal Independence Payment (Stat-Xplore)",
            "Department for Work and Pensions",
            OGL,
            f"Source: Department for Work and Pensions, Stat-Xplore, {_OGL_LINE}",
            "https://stat-xplore.dwp.gov.uk/",
            "monthly",
            "protected_at_source",
        ),
        Source(
            "nhs_qof",
            "Quality and Outcomes Framework, and patients registered at a GP practice",
            "NHS England",
            OGL,
            f"Source: NHS England, {_OGL_LINE}",
            "https://digital.nhs.uk/data-and-information/publications/statistical/quality-and-outcomes-framework-achievement-prevalence-and-exceptions-data",
            "yearly",
            "published",
        ),
        Source(
            "ons_population_estimates",
            "Mid-year population estimates",
            "Office for National Statistics",
            OGL,
            f"Source: Office for National Statistics {_OGL_LINE}",
            "https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/populationestimates",
            "yearly",
            "published",
        ),
        Source(
            "households_estimate",
            "Number of households",
            "Office for National Statistics and Valuation Office Agency, tidied by Open Innovations",
            OGL,
            f"Source: Office for National Statistics and Valuation Office Agency {_OGL_LINE}",
            "https://www.gov.uk/government/collections/valuation-office-agency-council-tax-statistics",
            "yearly",
            "published",
        ),
        Source(
            "loneliness_brc",
            "Loneliness, modelled from the Community Life Survey",
            "Department for Culture, Media and Sport; modelled by the British Red Cross",
            f"{OGL} (survey); MIT (model)",
            "Source: Department for Culture, Media and Sport, Community Life Survey, "
            f"{_OGL_LINE} Modelled by the British Red Cross.",
            "https://github.com/humaniverse/loneliness",
            "not regular",
            "published",
        ),
        Source(
            "dft_naptan",
            "National Public Transport Access Nodes (NaPTAN)",
            "Department for Transport",
            OGL,
            f"Source: Department for Transport, NaPTAN, {_OGL_LINE}",
            "https://beta-naptan.dft.gov.uk/",
            "daily",
            "published",
        ),
        Source(
            "nhs_ods",
            "GP practices and prescribing cost centres (epraccur)",
            "NHS England, Organisation Data Service",
            OGL,
            f"Source: NHS England, Organisation Data Service, {_OGL_LINE}",
            "https://digital.nhs.uk/services/organisation-data-service/data-search-and-export",
            "quarterly",
            "published",
        ),
        Source(
            "ace_libraries",
            "Basic dataset for libraries",
            "Arts Council England",
            OGL,
            f"Source: Arts Council England {_OGL_LINE}",
            "https://www.artscouncil.org.uk/supporting-arts-museums-and-libraries/supporting-libraries",
            "yearly",
            "published",
        ),
        Source(
            "dfe_gias",
            "Get Information about Schools",
            "Department for Education",
            OGL,
            f"Source: Department for Education, Get Information about Schools, {_OGL_LINE}",
            "https://get-information-schools.service.gov.uk/",
            "daily",
            "published",
        ),
        Source(
            "nhs_website",
            "NHS website datasets (formerly NHS Choices)",
            "NHS England",
            OGL_V2,
            f"Source: NHS website {_OGL_V2_LINE}",
            "https://www.nhs.uk/about-us/nhs-website-datasets/",
            "was daily; ended",
            "published",
        ),
        Source(
            "ohid_fingertips",
            "Fingertips public health profiles",
            "Office for Health Improvement and Disparities",
            f"{OGL}, with exceptions by indicator",
            f"Source: Office for Health Improvement and Disparities, Fingertips, {_OGL_LINE}",
            "https://fingertips.phe.org.uk/",
            "quarterly",
            "protected_at_source",
        ),
        Source(
            "dfe_lait",
            "Local Authority Interactive Tool",
            "Department for Education",
            OGL,
            f"Source: Department for Education, Local Authority Interactive Tool, {_OGL_LINE}",
            "https://www.gov.uk/government/publications/local-authority-interactive-tool-lait",
            "yearly",
            "published",
        ),
        Source(
            "oflog",
            "Adult social care measures (Oflog data explorer)",
            "Office for Local Government; NHS England",
            OGL,
            f"Source: Office for Local Government and NHS England {_OGL_LINE}",
            "https://www.gov.uk/government/organisations/office-for-local-government",
            "ended in 2024",
            "published",
        ),
        Source(
            "osm",
            "OpenStreetMap",
            "OpenStreetMap contributors",
            "Open Database Licence 1.0",
            "© OpenStreetMap contributors, Open Database Licence 1.0.",
            "https://www.openstreetmap.org/copyright",
            "continuous",
            "published",
        ),
        Source(
            "traveline",
            "Traveline National Dataset",
            "Traveline",
            OGL,
            f"Source: Traveline National Dataset {_OGL_LINE}",
            "https://www.travelinedata.org.uk/",
            "weekly",
            "published",
        ),
        Source(
            "local",
            "The council's own data",
            "The council",
            "The council's own terms",
            "Source: the council's own data.",
            "",
            "as the council updates it",
            "local_sensitive",
        ),
        Source(
            "council_venues",
            "The council's register of venues",
            "The council",
            "The council's own terms",
            "Source: the council's own register of venues.",
            "",
            "as the council updates it",
            "published",
        ),
        Source(
            "open_referral",
            "Directory of services (Open Referral UK)",
            "The publisher of the directory",
            "The publisher's own terms",
            "Source: the directory of services as its publisher offers it by Open Referral UK.",
            "https://openreferraluk.org/",
            "as the publisher updates it",
            "published",
        ),
        Source(
            "development_sites",
            "Development sites and when their homes are to be built",
            "The council",
            "The council's own terms",
            "Source: the council's own table of development sites.",
            "",
            "as the council updates it",
            "published",
        ),
        Source(
            "openstreetmap",
            "OpenStreetMap, streets and paths",
            "OpenStreetMap contributors",
            "Open Database Licence (ODbL) 1.0",
            "© OpenStreetMap contributors, available under the Open Database Licence.",
            "https://www.openstreetmap.org/copyright",
            "daily",
            "published",
        ),
        Source(
            "os_open_roads",
            "OS Open Roads",
            "Ordnance Survey",
            OGL,
            f"{_OS_LINE} OS Open Roads, {_OGL_LINE}",
            "https://www.ordnancesurvey.co.uk/products/os-open-roads",
            "twice a year",
            "published",
        ),
        Source(
            "bus_timetable",
            "Bus timetables (GTFS)",
            "Operators, through the Bus Open Data Service or as the feed's owner states",
            f"{OGL}, or as the feed's owner states",
            "Bus timetables: operators' data through the Bus Open Data Service, licensed under the Open "
            "Government Licence v3.0, or as the feed's owner states.",
            "https://data.bus-data.dft.gov.uk/",
            "weekly",
            "published",
        ),
        Source(
            "council_roads",
            "Roads as imported by the council",
            "As the file's owner states",
            "As the file's owner states",
            "Roads: as imported by the council; see their owner for the terms of use. Lines drawn from "
            "OpenStreetMap are © OpenStreetMap contributors (Open Database Licence).",
            "",
            "as the council updates it",
            "published",
        ),
        Source(
            "partner_areas",
            "Partners' areas",
            "As the file's owner states",
            "As the file's owner states",
            "Partners' areas: as imported by the council; see their owner for the terms of use.",
            "",
            "as the partner updates them",
            "published",
        ),
        Source(
            "sample",
            "Embedded sample",
            "This project",
            f"{OGL} (figures); illustrative outlines",
            "Sample: published figures for York's wards under the Open Government Licence v3.0; "
            "illustrative outlines; finer areas are synthetic.",
            "",
            "fixed",
            "published",
        ),
    )
}


def attribution_lines(source_ids: set[str] | frozenset[str] | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """The licence lines that must stand beside figures of these sources, each once, in id order.

    Raises
    ------
    KeyError
        When an id is no source.
    """
    return tuple(dict.fromkeys(SOURCES[source_id].attribution for source_id in sorted(set(source_ids))))
