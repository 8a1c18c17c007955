"""Data: bring files in, see where every table came from, and what is still missing."""

from __future__ import annotations

import streamlit as st

from geodata.errors import InputError
from geodata.importer import ImportReport
from indicators.custom_form import MULTIPLIERS, UNITS, CustomForm, own_id
from indicators.indicator import DOMAIN_LABELS, DOMAINS
from neighbourhoods.study.own_indicator import add_indicator
from neighbourhoods.study.preparation import is_prepared, prepare
from neighbourhoods.study.study import FIT_SETTING, FITS
from pages.components import words
from pages.components.coverage import show_coverage
from pages.components.download import table_downloads
from pages.components.figures import WORKING_OUT, work_out
from pages.components.import_report import show_import_report
from pages.components.importing import import_and_work_out
from pages.components.job import Job, finished_job, show_job
from pages.components.loaders import current_store, current_study, load_study
from pages.components.partner_tab import show_partners
from pages.components.print_table import print_table
from pages.components.shell import sample_notice
from pages.components.site_tab import show_sites
from pages.components.tables import tables_by_file

JOB = "import_job"
FIGURES_JOB = "figures_job"
ROUND, EMPTIED = "import_round", "import_emptied_after"
ON_PAPER = ("File", "Publication", "Publisher", "Licence", "Period", "Rows kept", "Left out", "Imported")
MAY_BREAK = "\u200b"  # where a long name may go on in the next line

study = current_study()
jobs = [st.session_state.get(key) for key in (JOB, FIGURES_JOB)]
put_off = not is_prepared(study, everything=True) and any(
    job is not None and (job.cancelled.is_set() or not job.finished.is_set()) for job in jobs
)
slot = st.empty()
if put_off:
    st.title(f"The figures for {study.authority_name} are not worked out yet")
else:
    work_out(study, slot, everything=True)
    n_filled = len(study.filled)
    st.title(f"{n_filled} of {len(study.catalogue)} indicators have figures for {study.authority_name}")
st.caption(
    f"{words.plural(len(study.datasets), 'table')} in the workspace, newest import {study.newest_import}. "
    "Files are recognised by their columns, whatever they are called."
)
sample_notice()


def uploader_key() -> str:
    """Another one after each import, so that files that are in are not imported again with the next."""
    return f"import_files_{st.session_state.get(ROUND, 0)}"


def start_import() -> None:
    """Begin to import what was chosen."""
    chosen = [(f.name, f.getvalue()) for f in st.session_state.get(uploader_key()) or []]
    if not chosen:
        return
    store = current_store()
    job: Job[ImportReport] = Job(label="Importing")
    st.session_state[JOB] = job
    authority = (st.session_state.get("import_authority") or "").strip() or None
    job.start(lambda j: import_and_work_out(j, store, chosen, authority))


def start_working_out() -> None:
    """Begin to work out the figures that were put off."""
    unprepared = load_study()
    job: Job[bool] = Job(label=WORKING_OUT)
    st.session_state[FIGURES_JOB] = job
    job.start(lambda j: prepare(unprepared, everything=True, progress=j.report, cancelled=j.cancelled.is_set))


with st.container(border=True, key="data_import"):
    st.header("Import files")
    st.file_uploader(
        "Published files: boundaries, lookups, census, police, deprivation, places, roads, timetables; zips",
        accept_multiple_files=True,
        key=uploader_key(),
        help="Nothing that is saved changes unless a file is understood as a whole.",
    )
    if study.is_sample:  # afterwards the workspace knows whose it is
        st.text_input(
            "Your authority's code, such as E06000014",
            key="import_authority",
            help="Needed only where no boundaries or lookup among the files name it, or they name several.",
        )
    st.button(
        "Import these files",
        type="primary",
        on_click=start_import,
        disabled=not st.session_state.get(uploader_key()),
    )
    show_job(JOB)
    job = finished_job(JOB)
    if job is not None and isinstance(job.result, ImportReport):
        if not job.result.cancelled and st.session_state.get(EMPTIED) is not job:
            st.session_state[EMPTIED] = job
            st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
            st.rerun()
        show_import_report(job.result, study)
    if put_off:
        st.info(
            "The tables are stored. Their figures are worked out as soon as a page shows them, or now.",
            icon=":material/info:",
        )
        st.button(
            "Work out the figures",
            on_click=start_working_out,
            disabled=not all(j is None or j.finished.is_set() for j in jobs),
        )
        show_job(FIGURES_JOB)
        finished_job(FIGURES_JOB)

tables, gaps, own, sites, partners, settings = st.tabs(
    [
        "Tables and where they came from",
        "Coverage and gaps",
        "Add your own indicator",
        "Development sites",
        "Partners' areas",
        "Settings",
    ],
    key="data_tabs",
    on_change="rerun",
)

with tables:
    listing = tables_by_file(study.datasets)
    counts = st.column_config.NumberColumn(format="localized")
    st.dataframe(
        listing,
        hide_index=True,
        alt="Tables of the workspace with their origin",
        column_config={"Rows in": counts, "Rows kept": counts},
    )
    on_paper = listing.reindex(columns=list(ON_PAPER))
    print_table(on_paper.assign(File=on_paper["File"].str.replace(r"([/_])", r"\1" + MAY_BREAK, regex=True)))
    table_downloads(listing, "tables", study.source_lines(), key="tables")

with gaps:
    if put_off:
        st.markdown("Known once the figures are worked out.")
    else:
        show_coverage(study)

with own:
    st.markdown(
        "A CSV with a column of area codes and either `numerator` and `denominator`, or `value`. "
        "Counts of people, never records of persons."
    )
    with st.form("own_indicator", border=False):
        upload = st.file_uploader("CSV file", type=["csv"], key="own_file")
        left, right = st.columns(2)
        label = left.text_input("Name, as a map title")
        definition = right.text_input("Definition, one sentence")
        domain = left.selectbox("Domain", DOMAINS, format_func=lambda d: DOMAIN_LABELS[d])
        statistic = right.selectbox(
            "Kind of figure",
            ["proportion", "rate", "count", "score"],
            format_func={
                "proportion": "Share of people or households (%)",
                "rate": "Events per 1,000",
                "count": "Count",
                "score": "Score or average",
            }.__getitem__,
        )
        polarity = left.selectbox(
            "What a high figure means",
            ["no_judgement", "high_is_worse", "high_is_better"],
            format_func={
                "no_judgement": "No judgement",
                "high_is_worse": "High is worse",
                "high_is_better": "High is better",
            }.__getitem__,
        )
        disclosure = right.selectbox(
            "How sensitive",
            ["local_sensitive", "published", "protected_at_source"],
            format_func={
                "local_sensitive": "Local and sensitive: counts of 1 to 4 are suppressed",
                "published": "Published already",
                "protected_at_source": "Protected by its publisher",
            }.__getitem__,
        )
        period = left.text_input("Period, such as 2025")
        source = right.text_input("Where the figures come from")
        if st.form_submit_button("Add indicator", type="primary"):
            if upload is None or not (label and period and source):
                st.error("A file, a name, a period and where the figures come from are needed.")
            else:
                try:
                    form = CustomForm(
                        id=own_id(label),
                        label=label,
                        unit=UNITS[statistic],
                        multiplier=MULTIPLIERS[statistic],
                        domain=domain,
                        definition=definition or label,
                        statistic=statistic,
                        polarity=polarity,
                        disclosure=disclosure,
                        period=period,
                        source=source,
                    )
                    indicator = add_indicator(study, form, upload.getvalue(), upload.name)
                    st.success(f"{words.plain(indicator.label)} is added; choose it on the Explore page.")
                except InputError as fault:
                    st.error(words.plain(str(fault)), icon=":material/error:")

if sites.open:  # residents are worked out for these two: not before they are looked at
    with sites:
        show_sites(study)

if partners.open:
    with partners:
        show_partners(study)

with settings:
    st.markdown("These hold for everybody who uses this workspace.")
    with st.form("settings", border=False):
        fit = st.selectbox(
            "How small areas are fitted to wards and footprints",
            list(FITS),
            index=list(FITS).index(study.preferred_fit or ""),
            format_func=FITS.__getitem__,
            help="The share of people in areas that cross the line stands beside each figure.",
        )
        target = st.number_input(
            "People wanted in each neighbourhood", 500, 500_000, value=study.target_population, step=1_000
        )
        if st.form_submit_button("Keep settings", type="primary"):
            study.store.put_settings(**{FIT_SETTING: fit, "target_population": str(int(target))})
            st.rerun()
