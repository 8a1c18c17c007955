"""A workspace to measure on: all of York's published files, or the embedded sample where they are absent."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from geodata.importer import import_paths
from geodata.store import Store
from geodata.workspace import open_workspace
from neighbourhoods.option.library import save_option
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study

DEFAULT_DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "york"
N_FOOTPRINTS = 4
SMALL = "lsoa21"


@dataclass(frozen=True)
class Prepared:
    """A workspace with two saved options: ids by kind of area, and what it holds in words."""

    folder: Path
    option_ids: tuple[str, str]
    geography: str
    words: str


def absence(data: Path) -> str:
    """Why York's files cannot be measured; empty when they can."""
    return "" if data.is_dir() else f"York's published files are not at {data}; name their folder with --data"


@contextmanager
def prepared_workspace(data: Path, ready: Path | None = None) -> Iterator[Prepared]:
    """A passing workspace: a copy of `ready`, else an import of `data`, else the sample."""
    with TemporaryDirectory() as name:
        folder = Path(name) / "workspace"
        if ready is not None:
            shutil.copytree(ready, folder)
        elif data.is_dir():
            import_paths(Store(folder), [data])
        study = Study(open_workspace(folder))
        geography = SMALL if SMALL in study.geographies else study.geographies[0]
        first, second = (
            save_option(study.store, striped_option(study, geography, axis)).id for axis in ("x", "y")
        )
        kind = "the embedded sample" if study.is_sample else f"{study.authority_name}'s published files"
        yield Prepared(folder, (first, second), geography, f"{kind}, drawn by {geography}")


def striped_option(study: Study, geography: str, axis: str) -> FootprintOption:
    """Footprints of like numbers of areas, cut across from west to east or from south to north."""
    points = study.areas(geography).geometry.representative_point()
    place = (points.x if axis == "x" else points.y).to_numpy()
    rank = np.argsort(np.argsort(place, kind="stable"), kind="stable")
    letters = [chr(ord("A") + i) for i in (rank * N_FOOTPRINTS // len(rank)).tolist()]
    assignment = dict(zip(map(str, points.index), letters, strict=True))
    return FootprintOption("", f"Benchmark {axis}", geography, assignment)
