"""Compare: two to four options side by side; maps that move together, measures, who changes place."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geodata.geography import geography as geography_record
from indicators.indicator import DOMAIN_LABELS
from neighbourhoods.export import option_note
from neighbourhoods.measure import MEASURES
from neighbourhoods.study import RESIDENTS
from pages.components import words
from pages.components.area_map import area_map
from pages.components.chart import footprint_ranges, themed
from pages.components.download import chart_downloads, map_downloads, table_downloads
from pages.components.loaders import current_study, geometry_url
from pages.components.map_state import comparison_map_state
from pages.components.print_table import print_table
from pages.components.shell import page_link, sample_notice
from pages.components.state import KEPT, recall, remember

MOST = 4
OPTION_MEASURES = (
    "cut_edges",
    "shared_border_m",
    "population_range",
    "polsby_popper_mean",
    "reock_mean",
    "split_wards",
    "distinctiveness",
    "need_spread",
)
FOOTPRINT_COLUMNS = {
    "option": "Option",
    "footprint_name": "Footprint",
    "population": "People",
    "deviation_from_target": "From target (%)",
    "contiguous": "One piece",
    "polsby_popper": "Polsby-Popper",
    "reock": "Reock",
}
LABELS = {
    "n_footprints": "Footprints",
    "smallest": "Smallest footprint, people",
    "largest": "Largest footprint, people",
    "n_unassigned": "Areas in no footprint",
    "n_violations": "Things to look at",
    "polsby_popper_mean": "Polsby-Popper compactness, mean",
    "reock_mean": "Reock compactness, mean",
}
DECIMALS = {"polsby_popper_mean": 2, "reock_mean": 2, "distinctiveness": 2, "need_spread": 2}

study = current_study()
options = {o.id: o for o in study.options() if o.geography in study.geographies}
if len(options) < 2:
    st.title("Two saved options are needed to compare")
    st.caption(f"{words.plural(len(options), 'option')} saved so far.")
    sample_notice()
    st.info("Draw an option and save it, then draw or open another.")
    page_link("draw", "Draw an option")
    st.stop()

headline, under = st.container(), st.container()
if "options" in st.session_state:
    asked = st.session_state["options"]
else:
    asked = (st.query_params.get("options") or st.session_state.get(KEPT + "options", "")).split(",")
asked = [i for i in asked if i in options][:MOST]
st.session_state["options"] = asked if asked or KEPT + "options" in st.session_state else list(options)[1::-1]
chosen_ids = st.multiselect(
    "Options, the first is what the others are compared with",
    list(options),
    key="options",
    max_selections=MOST,
    format_func=lambda i: f"{options[i].name} ({options[i].status}, {options[i].created[:10]})",
)
if len(chosen_ids) < 2:
    with headline:
        st.title("Choose two to four options")
    st.stop()
chosen = [options[i] for i in chosen_ids]
st.session_state[KEPT + "options"] = ",".join(chosen_ids)
if chosen_ids != list(options)[1::-1] or "options" in st.query_params:
    st.query_params["options"] = ",".join(chosen_ids)
first, others = chosen[0], chosen[1:]
comparisons = {o.id: study.compare(first, o) for o in others}
residents = float(study.population(first.geography).sum())

with headline:
    moved = comparisons[others[0].id].people_who_move
    share = f" ({moved / residents:.0%})" if residents else ""
    st.title(
        f"{words.number(moved)} people{share} live in another neighbourhood under "
        f"{words.plain(others[0].name)} than under {words.plain(first.name)}"
    )
with under:
    st.caption(
        "Footprints are matched by the most people they share, so a change of name alone moves nobody. "
        f"Target {study.target_population:,} people in each."
    )
    sample_notice()

for column, option in zip(st.columns(len(chosen), gap="small"), chosen, strict=True):
    with column:
        st.markdown(f"**{words.plain(option.name)}**")
        comparison = comparisons.get(option.id)
        area_map(
            geometry_url(option.geography),
            comparison_map_state(study, option, first, comparison),
            key=f"compare_{option.id}",
            height=380,
            group="compare",
            label=f"Footprints of {option.name}"
            + ("" if comparison is None else f"; hatched where they differ from {first.name}"),
        )
        if comparison is None:
            st.caption(
                f"{words.plural(len(option.footprint_ids), 'footprint')}. The others are compared with it."
            )
        else:
            record = geography_record(option.geography)
            n_moved = comparison.n_areas_that_move
            st.caption(
                f"{words.plural(len(option.footprint_ids), 'footprint')}. Hatched: "
                f"{words.number(comparison.people_who_move)} people in "
                f"{words.plural(n_moved, 'area')} change footprint. Made of {record.plural}."
            )
        page_link("test", "Test this option", carrying={"option": option.id})

evaluations = {o.id: study.evaluate(o) for o in chosen}
notes = [*study.source_lines(), *(option_note(o) for o in chosen)]


def measure_rows() -> pd.DataFrame:
    """One row for each measure, one column for each option, as text."""
    rows: dict[str, list[str]] = {}
    names = {m.id: m.label for m in MEASURES.values()} | LABELS
    for option in chosen:
        evaluation = evaluations[option.id]
        people = evaluation.footprints["population"]
        figures: dict[str, float] = {
            "n_footprints": len(people),
            "smallest": float(people.min()),
            "largest": float(people.max()),
            "n_unassigned": float(evaluation.option["n_unassigned"]),
            "n_violations": len(evaluation.violations),
            **{m: float(evaluation.option[m]) for m in OPTION_MEASURES},
        }
        for key, value in figures.items():
            rows.setdefault(names[key], []).append(words.number(value, DECIMALS.get(key, 0)))
    changed = ["", *(words.number(comparisons[o.id].people_who_move) for o in others)]
    rows[f"People who change footprint, from {first.name}"] = changed
    return pd.DataFrame(rows, index=[o.name for o in chosen]).T.rename_axis("Measure").reset_index()


measures, movers, figures, broken = st.tabs(
    ["Measures", "Who changes place", "Indicators", "Things to look at"]
)
with measures:
    table = measure_rows()
    st.dataframe(table, hide_index=True, alt="Measures of each option")
    footprints = pd.concat(
        [e.footprints.assign(option=options[i].name) for i, e in evaluations.items()], ignore_index=True
    )
    shown = footprints[
        [
            "option",
            "footprint_name",
            "population",
            "deviation_from_target",
            "contiguous",
            "polsby_popper",
            "reock",
        ]
    ].assign(
        deviation_from_target=100 * footprints["deviation_from_target"],
        contiguous=footprints["contiguous"].map({True: "yes", False: "no"}),
    )
    shown = shown.rename(columns=FOOTPRINT_COLUMNS)
    st.dataframe(
        shown,
        hide_index=True,
        alt="Measures of each footprint",
        column_config={
            "People": st.column_config.NumberColumn(format="localized"),
            "From target (%)": st.column_config.NumberColumn(format="%+.1f"),
            "Polsby-Popper": st.column_config.NumberColumn(format="%.2f"),
            "Reock": st.column_config.NumberColumn(format="%.2f"),
        },
    )
    print_table(table)
    print_table(shown, decimals=2)
    table_downloads(table, "measures", notes, key="measures")
    table_downloads(shown, "footprints", notes, key="footprints")

with movers:
    for option in others:
        flows = comparisons[option.id].flows
        moving = flows[flows["changed"]].sort_values("people", ascending=False)
        st.markdown(f"**From {words.plain(first.name)} to {words.plain(option.name)}**")
        if moving.empty:
            st.markdown("Nobody changes footprint.")
            continue
        st.dataframe(
            moving[["from_footprint_name", "to_footprint_name", "people", "n_areas"]],
            hide_index=True,
            alt=f"People who change footprint from {first.name} to {option.name}",
            column_config={
                "from_footprint_name": "From",
                "to_footprint_name": "To",
                "people": st.column_config.NumberColumn("People", format="localized"),
                "n_areas": "Areas",
            },
        )
        table_downloads(flows, "flows", notes, key=f"flows_{option.id}")

with figures:
    profiles = {o.id: study.profile_option(o) for o in chosen}
    known = profiles[first.id]
    known = known[known["value"].notna() & (known["footprint_id"] != study.authority_code)]
    in_all = [i for i in study.catalogue if i in set(known["indicator_id"])]
    recall("indicator", in_all, in_all[0])
    indicator_id = st.selectbox(
        "Indicator",
        in_all,
        key="indicator",
        format_func=lambda i: f"{study.catalogue[i].label} ({DOMAIN_LABELS[study.catalogue[i].domain]})",
    )
    remember({"indicator": in_all[0]})
    indicator = study.catalogue[indicator_id]
    rows = []
    for option in chosen:
        part = profiles[option.id]
        part = part[(part["indicator_id"] == indicator_id) & (part["footprint_id"] != study.authority_code)]
        rows.append(
            part.assign(
                option=option.name, name=[option.footprint_name(str(f)) for f in part["footprint_id"]]
            )
        )
    together = pd.concat(rows, ignore_index=True)
    authority = study.authority_value(indicator_id)
    if indicator.statistic != "count":
        chart = themed(
            footprint_ranges(together, indicator, authority, study.authority_name),
            indicator.label,
            f"{indicator.unit}; each dot is a footprint, rules are 95% intervals",
            notes[0],
        )
        st.altair_chart(chart, theme=None, alt=f"{indicator.label} by footprint in each option")
        chart_downloads(chart, f"compare_{indicator_id}", key="compare_chart")
    facts = together[["option", "name", "value", "lower", "upper", "comparison", "fit", "note"]]
    decimals = f"%.{indicator.decimals}f"
    st.dataframe(
        facts,
        hide_index=True,
        alt=f"{indicator.label} by footprint in each option",
        column_config={
            "option": "Option",
            "name": "Footprint",
            "value": st.column_config.NumberColumn(f"Value ({indicator.unit})", format=decimals),
            "lower": st.column_config.NumberColumn("Lower 95%", format=decimals),
            "upper": st.column_config.NumberColumn("Upper 95%", format=decimals),
            "comparison": f"Against {study.authority_name}",
            "fit": "Fit",
            "note": "Note",
        },
    )
    table_downloads(facts, f"compare_{indicator_id}", notes, key="facts")
    st.markdown("**Which option sets its neighbourhoods apart**")
    apart = pd.DataFrame({o.name: evaluations[o.id].need["distinctiveness"] for o in chosen}).dropna(
        how="all"
    )
    apart.insert(0, "Indicator", [study.catalogue[str(i)].label for i in apart.index])
    st.dataframe(
        apart,
        hide_index=True,
        alt="Share of each indicator's variation that lies between footprints",
        column_config={o.name: st.column_config.NumberColumn(format="%.2f") for o in chosen},
    )
    st.caption("Share of the variation between areas that lies between footprints: 0 alike, 1 wholly apart.")

with broken:
    for option in chosen:
        faults = evaluations[option.id].violations
        st.markdown(f"**{words.plain(option.name)}**: " + ("" if faults else "nothing is broken."))
        for violation in faults:
            st.markdown(f"- {words.plain(violation.message)}")

map_downloads(
    lambda: pd.concat([study.footprint_areas(o).assign(option=o.name) for o in chosen]),
    "options",
    notes,
    key="compare_map",
)
st.caption(study.source_sentence([indicator_id, RESIDENTS], first.geography))
