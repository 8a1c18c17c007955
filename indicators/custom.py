"""A council's own indicator: a small file and a small form, checked before anything is kept.

The mistake this prevents: a local figure with a wrong area code, a rate above one, or no word on who
may see it. Counts are kept as they came; small ones are suppressed where they are shown, see
`indicators.disclosure`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import pandas as pd

from geodata.errors import InputError
from indicators.custom_form import CustomForm, require_form
from indicators.indicator import Cells, Indicator

AREA_COLUMNS = ("area_code", "area code", "code", "geography code", "gss code")
NUMERATOR, DENOMINATOR, VALUE = "numerator", "denominator", "value"
WEIGHT = "weight"  # one for each area: stands in where a score came without a weight
TABLE_PREFIX = "custom_"
SOURCE_ID = "local"

_MAX_FAULTS = 20
_THOUSANDS = r"^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$"  # 1,200 and 1,200.5; never 12,5
_INTERVALS: Mapping[str, str] = {"proportion": "Wilson", "rate": "Byar's or exact Poisson"}
_SUMS: Mapping[str, str] = {"count": "sum", "score": "population-weighted mean"}


def parse_custom(
    frame: pd.DataFrame,
    form: CustomForm,
    known_codes: Mapping[str, frozenset[str]],
    taken_ids: frozenset[str] = frozenset(),
) -> tuple[Indicator, pd.DataFrame]:
    """Check a council's file against its form, and turn both into a record and its cells.

    Parameters
    ----------
    frame : DataFrame
        As read from the file, header as columns; cells may be text. Columns area_code, and numerator
        and denominator or value (capitals and blanks do not matter).
    form : CustomForm
    known_codes : Mapping of str to frozenset of str
        By geography: the area codes of this workspace.
    taken_ids : frozenset of str
        Ids that are in use.

    Returns
    -------
    Indicator
    DataFrame
        Cells: table, geography, area_code, period, cell, value, status. A blank number is kept as
        unknown ("missing"); one with commas between thousands is read, one with a decimal comma is not.

    Raises
    ------
    InputError
        Lists every fault with its row (the header is row 1) and area code.
    """
    require_form(form, taken_ids)
    columns = _columns(frame, form)
    codes = frame[columns["area_code"]].fillna("").astype(str).str.strip().str.upper()
    geography = _geography(codes, known_codes)
    numbers, faults = _numbers(frame, columns, codes)
    faults += _code_faults(codes, known_codes[geography], geography)
    faults += _number_faults(numbers, codes, form)
    if faults:
        more = f" … and {len(faults) - _MAX_FAULTS} more." if len(faults) > _MAX_FAULTS else ""
        raise InputError(" ".join(faults[:_MAX_FAULTS]) + more)
    return _indicator(form, geography, set(numbers)), _cells(form, geography, codes, numbers)


def _columns(frame: pd.DataFrame, form: CustomForm) -> dict[str, str]:
    """Meaning of each column that is wanted -> its name in the file."""
    by_name = {" ".join(str(column).lower().split()): str(column) for column in frame.columns}
    found = {name: by_name[name] for name in (NUMERATOR, DENOMINATOR, VALUE) if name in by_name}
    area = next((by_name[name] for name in AREA_COLUMNS if name in by_name), None)
    wanted = [VALUE] if form.statistic == "score" else [NUMERATOR]
    if form.statistic == "count" and NUMERATOR not in found and VALUE in found:
        found[NUMERATOR] = found.pop(VALUE)
    if form.statistic not in ("count", "score"):
        wanted.append(DENOMINATOR)
    missing = [name for name in wanted if name not in found] + ([] if area else ["area_code"])
    if area is None or missing:
        here = ", ".join(str(column) for column in frame.columns) or "none"
        message = (
            f"A {form.statistic} needs the columns area_code, {', '.join(wanted)}; "
            f"the file has {here}: add {', '.join(missing)}."
        )
        raise InputError(message)
    keep = {*wanted, DENOMINATOR} if form.statistic != "count" else set(wanted)
    return {"area_code": area} | {name: column for name, column in found.items() if name in keep}


def _geography(codes: pd.Series, known_codes: Mapping[str, frozenset[str]]) -> str:
    present = set(codes) - {""}
    hits = {geography: len(present & known) for geography, known in known_codes.items()}
    best = max(hits, key=lambda geography: hits[geography], default="")
    if not best or not hits[best]:
        sample = ", ".join(sorted(present)[:3]) or "no code at all"
        message = (
            f"None of the area codes ({sample}) is an area of this workspace: import its boundaries first."
        )
        raise InputError(message)
    return best


def _numbers(
    frame: pd.DataFrame, columns: Mapping[str, str], codes: pd.Series
) -> tuple[dict[str, pd.Series], list[str]]:
    numbers: dict[str, pd.Series] = {}
    faults: list[str] = []
    for name in (NUMERATOR, DENOMINATOR, VALUE):
        if name not in columns:
            continue
        written = frame[columns[name]].astype(object)
        text = written.where(written.notna(), "").astype(str).str.strip()
        plain = text.where(~text.str.match(_THOUSANDS), text.str.replace(",", "", regex=False))
        number = pd.to_numeric(plain, errors="coerce").astype("float64")
        number = number.where(number.abs() < math.inf)
        for row in number.index[number.isna() & (text != "")]:
            position = frame.index.get_loc(row)
            what = f"{name} {text.loc[row]!r} is no number{_advice(text.loc[row])}."
            faults.append(_at(int(str(position)), codes.loc[row], what))
        numbers[name] = number
    wanted = columns.keys() & {NUMERATOR, VALUE}
    if not faults and all(numbers[name].isna().all() for name in wanted):
        faults.append("The file has no figure for any area.")
    return numbers, faults


def _advice(text: str) -> str:
    """What to write instead of a cell that is no number."""
    if text.endswith("%"):
        return ": leave the per cent sign out"
    if re.fullmatch(r"[+-]?[\d.]*,\d+", text):
        return ": write decimals with a point"
    return ": leave the cell empty where the figure is not known"


def _code_faults(codes: pd.Series, known: frozenset[str], geography: str) -> list[str]:
    faults = []
    repeated = codes.duplicated()
    for position, code in enumerate(codes):
        if not code:
            faults.append(_at(position, code, "the area code is blank."))
        elif code not in known:
            faults.append(_at(position, code, f"is no {geography} area of this workspace."))
        elif repeated.iloc[position]:
            faults.append(_at(position, code, "stands here a second time."))
    return faults


def _number_faults(numbers: Mapping[str, pd.Series], codes: pd.Series, form: CustomForm) -> list[str]:
    faults = []
    for position, code in enumerate(codes):
        numerator, denominator = (
            float(numbers[name].iloc[position]) if name in numbers else math.nan
            for name in (NUMERATOR, DENOMINATOR)
        )
        if numerator < 0:
            faults.append(_at(position, code, f"the numerator {numerator:g} is negative."))
        if denominator < 0:
            faults.append(_at(position, code, f"the denominator {denominator:g} is negative."))
        if denominator == 0 and numerator > 0:
            faults.append(_at(position, code, "the denominator is zero and the numerator is not."))
        if form.statistic == "proportion" and numerator > denominator >= 0:
            faults.append(
                _at(position, code, f"the numerator {numerator:g} is above the denominator {denominator:g}.")
            )
    return faults


def _indicator(form: CustomForm, geography: str, held: set[str]) -> Indicator:
    table = TABLE_PREFIX + form.id
    scored = form.statistic == "score"
    unweighted = scored and DENOMINATOR not in held
    denominator = Cells(table, (WEIGHT if unweighted else DENOMINATOR,))
    source = f"Source: {form.source.strip()}."
    return Indicator(
        id=form.id,
        label=form.label.strip(),
        domain=form.domain,
        definition=form.definition.strip() or form.label.strip(),
        statistic=form.statistic,
        unit=form.unit.strip(),
        multiplier=form.multiplier if form.statistic != "count" else 1.0,
        polarity=form.polarity,
        numerator=Cells(table, (VALUE if scored else NUMERATOR,)),
        denominator=None if form.statistic == "count" else denominator,
        source_id=SOURCE_ID,
        geography=geography,
        vintage=form.period.strip(),
        cadence="as the council updates it",
        aggregation="not combined" if unweighted else _SUMS.get(form.statistic, "sum then divide"),
        interval=_INTERVALS.get(form.statistic, "none"),
        disclosure=form.disclosure,
        caveat=" ".join(part for part in (form.caveat.strip(), source) if part),
    )


def _cells(
    form: CustomForm, geography: str, codes: pd.Series, numbers: Mapping[str, pd.Series]
) -> pd.DataFrame:
    columns = dict(numbers)
    if form.statistic == "score" and DENOMINATOR not in columns:
        columns[WEIGHT] = pd.Series(1.0, index=codes.index)
    frames = [
        pd.DataFrame(
            {
                "table": TABLE_PREFIX + form.id,
                "geography": geography,
                "area_code": codes.to_numpy(),
                "period": form.period.strip(),
                "cell": name,
                "value": number.to_numpy(dtype="float64"),
                "status": ["missing" if unknown else "" for unknown in number.isna()],
            }
        )
        for name, number in columns.items()
    ]
    return pd.concat(frames, ignore_index=True)


def _at(position: int, code: str, what: str) -> str:
    return f"Row {position + 2} ({code or 'no code'}): {what}"
