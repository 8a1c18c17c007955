"""The figures behind portraits as tables and as rows of a chart."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from indicators.indicator import DOMAIN_LABELS, Indicator
from neighbourhoods.portrait.portrait import Portraits
from pages.components import words
from pages.components.map_state import comparison_words, judgement

MARGIN = 0.05


def lettered(letter: str, name: str, between: str = " ") -> str:
    """ "A Riverside"; the letter alone where it is the name."""
    return letter if name == letter else f"{letter}{between}{name}"


def sentence_table(found: Portraits, letters: Mapping[str, str]) -> pd.DataFrame:
    """One row for each sentence, with the figures it is made of."""
    return pd.DataFrame(
        [
            {
                "Letter": letters[portrait.footprint_id],
                "Neighbourhood": portrait.footprint_name,
                "Sentence": said.text,
                "Kind": said.kind,
                "Indicator": said.indicator_id,
                "Value": said.value,
                "Lower 95%": said.lower,
                "Upper 95%": said.upper,
                "Against": said.reference,
                "Period": said.period,
                "Judgement": said.judgement,
                "Area": said.area_name,
            }
            for portrait in found.portraits
            for said in portrait.sentences
        ]
    )


def chart_rows(
    figures: pd.DataFrame, catalogue: Mapping[str, Indicator], letters: Mapping[str, str]
) -> pd.DataFrame:
    """Rows of the chart: those with a difference from the authority; suppressed ones are not among them."""
    rows = figures[np.isfinite(figures["difference"].astype(float))]
    records = [catalogue[str(one)] for one in rows["indicator_id"]]
    return pd.DataFrame(
        {
            "indicator": [record.label for record in records],
            "letter": rows["footprint_id"].map(dict(letters)).to_numpy(),
            "name": rows["footprint_name"].to_numpy(),
            "said": [
                words.figure(record, float(value))
                for record, value in zip(records, rows["value"], strict=True)
            ],
            "value": rows["difference"].to_numpy(),
            "lower": rows["difference_lower"].to_numpy(),
            "upper": rows["difference_upper"].to_numpy(),
        }
    )


def axis_limits(figures: pd.DataFrame) -> tuple[float, float]:
    """Ends of an axis that holds every dot and rule, nought among them."""
    ends = figures[["difference", "difference_lower", "difference_upper"]].to_numpy(dtype=float)
    known = ends[np.isfinite(ends)]
    low, high = min(known.min(initial=0.0), 0.0), max(known.max(initial=0.0), 0.0)
    room = MARGIN * (high - low or 1.0)
    return low - room, high + room


def figure_table(
    figures: pd.DataFrame,
    catalogue: Mapping[str, Indicator],
    letters: Mapping[str, str],
    authority_name: str,
    *,
    is_raw: bool = False,
) -> pd.DataFrame:
    """The same as the chart, with the lowest and the highest area inside each neighbourhood.

    Parameters
    ----------
    is_raw : bool
        Numbers as numbers, for a download; otherwise as they are read.
    """
    rows = []
    for row in figures.to_dict("records"):
        indicator = catalogue[str(row["indicator_id"])]
        start = {
            "Domain": DOMAIN_LABELS[indicator.domain],
            "Indicator": indicator.label,
            "Neighbourhood": lettered(letters[row["footprint_id"]], row["footprint_name"]),
        }
        compared = {
            "Difference": row["difference"],
            f"Against {authority_name}": comparison_words(str(row["comparison"]), authority_name),
            "Judgement": judgement(str(row["comparison"]), indicator),
        }
        known, areas = row["n_known"], row["n_areas"]
        how_many = "" if pd.isna(known) else f"{known:.0f} of {areas:.0f}"
        if is_raw:
            rows.append(
                start
                | {"Unit": indicator.unit, "Value": row["value"]}
                | {"Lower 95%": row["lower"], "Upper 95%": row["upper"], authority_name: row["reference"]}
                | compared
                | {
                    "Suppressed": row["suppressed"],
                    "Lowest area": row["lowest_area"],
                    "Lowest": row["lowest"],
                }
                | {"Highest area": row["highest_area"], "Highest": row["highest"]}
                | {"Areas with a figure": how_many, "Period": row["period"], "Fit": row["fit"]}
                | {"Note": row["note"]}
            )
            continue
        rows.append(
            start
            | {"Value": words.figure(indicator, row["value"], suppressed=bool(row["suppressed"]))}
            | {"95% interval": words.between(indicator, row["lower"], row["upper"])}
            | {authority_name: "" if pd.isna(row["reference"]) else words.figure(indicator, row["reference"])}
            | compared
            | {"Lowest area inside": _end(indicator, row["lowest_area"], row["lowest"])}
            | {"Highest area inside": _end(indicator, row["highest_area"], row["highest"])}
            | {"Areas with a figure": how_many}
        )
    return pd.DataFrame(rows)


def _end(indicator: Indicator, name: object, value: float) -> str:
    return "" if pd.isna(value) else f"{name}: {words.figure(indicator, value)}"
