"""What a figure is shown by: the areas of a geography, or the footprints of an option."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from geodata.geography import geography as geography_record
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.portrait.inside import area_names
from neighbourhoods.study.study import Study
from pages.components.map_state import letter_words

OPTION_PREFIX = "option:"


@dataclass(frozen=True)
class Layer:
    """One way to cut the authority.

    Parameters
    ----------
    key : str
        In the address: "ward", "lsoa21", "option:<id>".
    label : str
        "Wards", "Footprints of Six groups".
    geography : str
        Kind of area that is drawn.
    unit_label, unit_plural : str
        What one row is: "ward", "footprint".
    names : Mapping of str to str
        Name by area_code, or by footprint_id, in the order shown.
    option : FootprintOption or None
    """

    key: str
    label: str
    geography: str
    unit_label: str
    unit_plural: str
    names: Mapping[str, str]
    option: FootprintOption | None = None

    @property
    def unit_title(self) -> str:
        """The unit as the head of a column: "LSOA (2021)", "Ward"."""
        return self.unit_label[:1].upper() + self.unit_label[1:]

    @property
    def slug(self) -> str:
        """For file names."""
        return self.key.replace(":", "_")

    def name_of(self, code: str) -> str:
        """Name of an area or footprint; the code where it has none."""
        return str(self.names.get(code, code))

    def unit_of(self, area_code: str) -> str | None:
        """The area itself, or the footprint that holds it."""
        return area_code if self.option is None else self.option.assignment.get(area_code)

    def a_code_of(self, unit: str) -> str | None:
        """An area to outline: the area itself, or one of the footprint, which is outlined as a whole."""
        if self.option is None:
            return unit
        return next((code for code, one in self.option.assignment.items() if one == unit), None)

    @property
    def letters(self) -> str:
        """The key to the letters on the map; empty where names stand on it."""
        return letter_words(tuple(self.names.values())) if self.option else ""

    def notes(self, study: Study) -> list[str]:
        """What an export was made from."""
        if self.option is None:
            return [f"By {self.label.lower()} of {study.authority_name}."]
        option = self.option
        seed = "" if option.seed is None else f", seed {option.seed}"
        return [f"Option {option.name} ({option.id}), {option.status}, of {option.created[:10]}{seed}."]

    def areas_with(self, study: Study, rows: pd.DataFrame) -> pd.DataFrame:
        """Outlines with their figures, for a download."""
        figures = rows.drop(index=study.authority_code, errors="ignore").drop(columns=["domain"])
        return self.outlines(study).join(figures)

    def outlines(self, study: Study) -> pd.DataFrame:
        """Outlines of the areas, or of the footprints."""
        return study.areas(self.geography) if self.option is None else study.footprint_areas(self.option)


def geography_layer(study: Study, geography: str) -> Layer:
    """The areas of one geography."""
    record = geography_record(geography)
    label = record.plural[0].upper() + record.plural[1:]
    return Layer(
        geography, label, geography, record.label, record.plural, area_names(study, geography).to_dict()
    )


def option_layer(option: FootprintOption, *, as_now: bool = False) -> Layer:
    """The footprints of one option."""
    names = {i: option.footprint_name(i) for i in option.footprint_ids}
    return Layer(
        OPTION_PREFIX + option.id,
        f"Footprints of {option.name}" + (" (as now)" if as_now else ""),
        option.geography,
        "footprint",
        "footprints",
        names,
        option,
    )
