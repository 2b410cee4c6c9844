"""What a learner sees first, in the Lab that `loopcheck lab` and a Hub start: 1280 pixels wide.

Set LOOPCHECK_PICTURES to a folder to keep the pictures.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_lesson_in_lab import (
    NOTEBOOKS,
    OURS,
    READY,
    SECONDS,
    browser,
    lab,
    playwright,
    pytestmark,
)

import loopcheck
from loopcheck.lab.workbook.copies import refresh

__all__ = ["browser", "playwright", "pytestmark"]
START = "00_start_here.ipynb"
IS_NEW = "() => !jupyterapp.shell.currentWidget.context.model.dirty"
RUN_NEXT = "() => jupyterapp.commands.execute('notebook:run-cell-and-select-next')"
LINES = """() => { const line = document.querySelector('.jp-OutputArea-output pre');
  return line.getBoundingClientRect().height / parseFloat(getComputedStyle(line).lineHeight); }"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("first")
    refresh(NOTEBOOKS, home / "workbook")
    ours = Path(loopcheck.__file__).parent / "lab" / "jupyter"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_CONFIG_PATH", str(ours))
        with lab(home / "workbook", home / "home", "") as served:
            yield served.replace("/doc/tree/", "/lab/tree/")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_first_screen_is_whole(browser: Any, address: str, theme: str) -> None:
    page = browser.new_context(
        viewport={"width": 1280, "height": 800}, color_scheme=theme
    ).new_page()
    page.set_default_timeout(SECONDS * 1000)
    page.goto(f"{address.format(START)}&reset")
    page.evaluate(READY)
    assert page.evaluate("document.body.dataset.jpThemeName") == f"JupyterLab {theme.title()}"
    assert page.evaluate(IS_NEW), "Lab marks the lesson as unsaved before anything is done"
    page.evaluate(RUN_NEXT)
    page.evaluate(RUN_NEXT)
    page.locator(OURS, has_text="loopcheck.lab").first.wait_for()
    if theme == "light":  # later the extension is loaded already, and says so
        assert "is ready" in page.locator(OURS).first.inner_text()
        assert round(page.evaluate(LINES)) == 1
    # Names have the whole width of the file browser.
    assert not page.locator(".jp-DirListing-header").get_by_text("Modified").is_visible()
    if folder := os.environ.get("LOOPCHECK_PICTURES"):
        page.screenshot(path=Path(folder) / f"first-screen-{theme}.png")
    page.context.close()
