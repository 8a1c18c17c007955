"""How far an option's figures hang on the way small areas are fitted to it: by lookup, centroid or postcode.

The mistake this prevents: a finding that is only the fitting of areas that lie across the line. Figures that
are local and sensitive are left out: two fits of one small count would give it away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geodata.errors import InputError
from geodata.geography import geography as geography_record
from indicators.target import FINENESS
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.fitted import footprint_rows
from neighbourhoods.study.ground import FITS
from neighbourhoods.study.straddling import people_across
from neighbourhoods.study.study import Study

BY_LOOKUP, BY_CENTROID, BY_POSTCODE = "", "best fit by centroid", "by postcode"
KEYS = ["indicator_id", "footprint_id"]


@dataclass(frozen=True, eq=False)
class FitComparison:
    """Figures by another fit beside those in use.

    Parameters
    ----------
    fit, label : str
        Key and words of `FITS`.
    n_compared, n_changed, n_flipped : int
        Figures known both ways; those that differ by one or more in the last place shown; those whose
        comparison with the authority becomes another.
    changes : DataFrame
        indicator_id, label, footprint_id, footprint_name, unit, decimals, now, other, difference,
        comparison_now, comparison_other, flips: those that changed or flipped, flips first.
    why_not : str
        Why nothing could be compared; empty when it was.
    """

    fit: str
    label: str
    n_compared: int
    n_changed: int
    n_flipped: int
    changes: pd.DataFrame
    why_not: str = ""


@dataclass(frozen=True, eq=False)
class FitSensitivity:
    """Every other fit beside the one in use, and who lives in areas that straddle a line.

    Parameters
    ----------
    fit, label : str
        The fit in use.
    others : tuple of FitComparison
    source : str
        Kind of small area whose figures are fitted ("lsoa21"); empty where all nest.
    straddling : DataFrame
        footprint_id, footprint_name, people (in small areas that reach into it, wherever they are
        counted), straddling (of them in areas that reach over its line too), share; empty where all nest.
    people_straddling : float
        People in areas that lie across a line between footprints, each once; 0 where all nest.
    """

    fit: str
    label: str
    others: tuple[FitComparison, ...]
    source: str
    straddling: pd.DataFrame
    people_straddling: float


def fit_sensitivity(study: Study, option: FootprintOption) -> FitSensitivity:
    """The option's figures by every way of fitting that the data allow."""
    now = study.preferred_fit or BY_LOOKUP
    source = _source(study, option.geography)
    rows = _known_rows(study, option)
    others = tuple(_compared(study, option, rows, fit) for fit in FITS if fit != now)
    straddling, people = _straddling(study, option, source) if source else (_no_straddling(), 0.0)
    return FitSensitivity(now, FITS[now], others, source, straddling, people)


def _compared(study: Study, option: FootprintOption, rows: pd.DataFrame, fit: str) -> FitComparison:
    why = _why_not(study, option.geography, fit)
    if why:
        return FitComparison(fit, FITS[fit], 0, 0, 0, _joined(study, option, rows, rows).iloc[:0], why)
    both = _joined(study, option, rows, _known_rows(study.fitted(fit), option))
    last_place = 10.0 ** -both["decimals"].to_numpy(dtype=float)
    is_changed = both["difference"].abs().to_numpy() >= last_place * (1 - 1e-9)
    flips = both["flips"].to_numpy(dtype=bool)
    kept = both[is_changed | flips]
    with np.errstate(divide="ignore", invalid="ignore"):
        size = (kept["difference"] / kept["now"]).abs().to_numpy()
    order = np.lexsort((-np.nan_to_num(size), ~kept["flips"].to_numpy(dtype=bool)))
    return FitComparison(
        fit,
        FITS[fit],
        len(both),
        int(is_changed.sum()),
        int(flips.sum()),
        kept.iloc[order].reset_index(drop=True),
    )


def _joined(study: Study, option: FootprintOption, rows: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Figures that are known both ways, side by side."""
    both = rows[[*KEYS, "value", "comparison"]].merge(
        other[[*KEYS, "value", "comparison"]], on=KEYS, suffixes=("_now", "_other")
    )
    records = [study.catalogue[str(one)] for one in both["indicator_id"]]
    return pd.DataFrame(
        {
            "indicator_id": both["indicator_id"],
            "label": [r.label for r in records],
            "footprint_id": both["footprint_id"],
            "footprint_name": [option.footprint_name(str(one)) for one in both["footprint_id"]],
            "unit": [r.unit for r in records],
            "decimals": np.array([r.decimals for r in records], dtype=int),
            "now": both["value_now"].astype(float),
            "other": both["value_other"].astype(float),
            "difference": both["value_other"].astype(float) - both["value_now"].astype(float),
            "comparison_now": both["comparison_now"],
            "comparison_other": both["comparison_other"],
            "flips": (both["comparison_now"] != both["comparison_other"]).astype(bool),
        }
    )


def _known_rows(study: Study, option: FootprintOption) -> pd.DataFrame:
    """Figures of the option's footprints that are known and may be told more than once."""
    rows = study.profile_option(option)
    told = [one for one, record in study.catalogue.items() if record.disclosure != "local_sensitive"]
    is_kept = rows["value"].notna() & ~rows["suppressed"].astype(bool) & rows["indicator_id"].isin(told)
    return rows[is_kept & (rows["footprint_id"] != study.authority_code)]


def _source(study: Study, geography: str) -> str:
    """The kind of small area that figures are fitted from, the finest that does not nest; empty for none."""
    loaded = set(study.observations()["geography"].unique())
    for source in FINENESS:
        if source not in loaded or source == geography:
            continue
        try:
            method = study.fit(source, geography).method
        except InputError:  # nothing joins the two: its figures are not used for this option
            continue
        if method not in ("exact", "modelled"):
            return source
    return ""


def _why_not(study: Study, geography: str, fit: str) -> str:
    source = _source(study, geography)
    if not source:
        return "All figures come from areas that lie wholly in one area of the option."
    plural = geography_record(source).plural
    if fit == BY_POSTCODE and (postcodes := study.store.postcodes()) is not None and len(postcodes):
        return ""
    if fit == BY_POSTCODE:
        return "No postcodes are loaded; import Code-Point Open."
    if fit == BY_CENTROID and study.store.centroids(source) is None:
        return f"No population-weighted centroids of {plural} are loaded; import them."
    return ""


def _no_straddling() -> pd.DataFrame:
    return pd.DataFrame({c: [] for c in ("footprint_id", "footprint_name", "people", "straddling", "share")})


def _straddling(study: Study, option: FootprintOption, source: str) -> tuple[pd.DataFrame, float]:
    """People in small areas that reach over a footprint's line, by postcodes where they are loaded."""
    ids, index = footprint_rows(option, study.outlines(option.geography).index)
    people = study.counted(source)["population"].to_numpy(dtype=float)
    touches = study.touching(source, option.geography)
    all_people, over, crosses = people_across(touches, index, len(ids), people)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = over / all_people
    table = pd.DataFrame(
        {
            "footprint_id": ids,
            "footprint_name": [option.footprint_name(str(one)) for one in ids],
            "people": all_people,
            "straddling": over,
            "share": share,
        }
    )
    return table, float(people[crosses].sum())
