"""The house: where page scripts stand, and that each opens through the app."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.shell import PAGES

ROOT = Path(__file__).resolve().parents[2]
ENTRIES = [e for entries in PAGES.values() for e in entries]


def test_pages_folder_holds_only_its_marker_and_folders() -> None:
    """A script directly in pages/ would run without app.py after a deep link."""
    loose = [p.name for p in (ROOT / "pages").iterdir() if p.is_file() and p.name != "__init__.py"]
    assert loose == []


def test_every_page_script_is_listed_once() -> None:
    scripts = {
        str(p.relative_to(ROOT))
        for p in (ROOT / "pages").glob("*/*.py")
        if p.parent.name != "components" and p.name != "__init__.py"
    }
    listed = [e.script for e in ENTRIES]
    assert sorted(listed) == sorted(scripts)


def test_no_class_is_defined_in_a_page_script() -> None:
    """A class made anew at each rerun fails isinstance."""
    guilty = [e.script for e in ENTRIES if "\nclass " in (ROOT / e.script).read_text()]
    assert guilty == []


@pytest.mark.parametrize("script", [e.script for e in ENTRIES])
def test_page_opens_through_the_app_on_the_sample(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(tmp_path / "workspace"))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page(script).run()
    assert not app.exception, app.exception
    assert len(app.title) == 1
    assert any("Illustrative outlines" in c.value for c in app.caption)
