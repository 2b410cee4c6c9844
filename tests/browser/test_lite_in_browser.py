"""The workbook in a browser tab that reaches nothing but the site: `make lite` builds it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="the extra `test` is not installed")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import try_lite  # noqa: E402

pytestmark = [
    pytest.mark.skipif(try_lite.CHROMIUM is None, reason="no Chromium: apt-get install chromium"),
    pytest.mark.skipif(not try_lite.SITE.is_dir(), reason="the site is not built: make lite"),
]
LESSON = "lc508_bytes_or_str"


@pytest.fixture(scope="module")
def visit() -> Iterator[tuple[Any, str]]:
    """Yield a page of a learner's, and the site's address; it has asked for no other."""
    asked: list[str] = []
    with try_lite.serving(try_lite.SITE) as server, try_lite.chromium() as browser:
        address = try_lite.address_of(server)
        with try_lite.tab(browser, address, asked) as page:
            yield page, address
    assert asked == []


def cells(page: Any) -> dict[str, dict[str, Any]]:
    return {cell["id"]: cell for cell in page.evaluate(try_lite.CELLS)}


def test_the_start_page_shows_the_finding_and_the_timeline(visit: tuple[Any, str]) -> None:
    page, address = visit
    try_lite.open_notebook(page, address, try_lite.START)
    first, seconds = try_lite.run(page)
    assert first is not None
    assert seconds is not None
    shown = cells(page)
    assert not [name for name, cell in shown.items() if try_lite.is_broken(cell)]
    assert any("LC102 loop-mismatch (certain)" in try_lite.words(cell) for cell in shown.values())
    assert any(try_lite.has_picture(cell) for cell in shown.values())


def test_a_solved_exercise_stays_solved_after_a_reload(visit: tuple[Any, str]) -> None:
    page, address = visit
    try_lite.open_notebook(page, address, LESSON)
    try_lite.run(page)
    assert try_lite.solve(page, LESSON)
    try_lite.open_notebook(page, address, try_lite.START)
    try_lite.run(page)
    said = "\n".join(try_lite.words(cell) for cell in cells(page).values())
    assert "1 of 8 solved" in said
