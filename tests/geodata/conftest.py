"""York's codes and outlines, read once for all tests of the layouts."""

from __future__ import annotations

from pathlib import Path

import pytest

from geodata.layouts.layout import Context
from tests.geodata.statistic_table import york_context


@pytest.fixture(scope="session")
def york(york_data: Path) -> Context:
    """Context of an import into a workspace that knows York's boundaries."""
    return york_context(york_data)
