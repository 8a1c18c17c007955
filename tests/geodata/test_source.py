"""Every source can be cited."""

from __future__ import annotations

import pytest

from geodata.source import SOURCES, Source, attribution_lines

WITHOUT_ADDRESS = ("local", "council_venues", "development_sites", "council_roads", "partner_areas", "sample")


@pytest.mark.parametrize("source", SOURCES.values(), ids=lambda source: source.id)
def test_every_source_is_complete(source: Source) -> None:
    assert source.title
    assert source.publisher
    assert source.licence
    assert source.cadence
    assert source.url.startswith("https://") or source.id in WITHOUT_ADDRESS


@pytest.mark.parametrize("source", SOURCES.values(), ids=lambda source: source.id)
def test_open_government_data_carry_the_licence_in_their_line(source: Source) -> None:
    if source.licence.startswith("Open Government"):
        assert "Open Government Licence" in source.attribution


def test_outlines_name_ordnance_survey_and_postcodes_royal_mail() -> None:
    assert "Contains OS data © Crown copyright and database right" in SOURCES["ons_boundaries"].attribution
    assert "Royal Mail" in SOURCES["os_codepoint"].attribution


def test_lines_stand_once_each() -> None:
    assert len(attribution_lines(["ons_boundaries", "ons_lookups", "police_uk"])) == 2
