"""axe-core, which knows what assistive software stumbles over, reads our outputs and our pages.

It runs over what we draw and nothing else of Lab's, in light and in dark; `test_lesson_in_lab.py`
has it read a lesson that was run. Its rules are those of the package `axe-playwright-python`, so
that no network is asked.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("axe_playwright_python", reason="the extra `test` is not installed")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import make_site  # noqa: E402
from test_lesson_in_lab import (  # noqa: E402
    LESSON,
    NOTEBOOKS,
    OURS,
    THEME,
    browser,
    lab,
    opened,
    playwright,
    pytestmark,
    stumbles,
)

__all__ = ["browser", "playwright", "pytestmark"]
GUIDE = "92_field_guide.ipynb"
PAGES = ("00_start_here", "lc410_mock_not_a_context_manager", Path(LESSON).stem, Path(GUIDE).stem)
FAULTY = '<p style="color:#999;background:#aaa">pale</p><img src="data:image/png;base64,">'


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("axe")
    (home / "workbook").mkdir()
    (home / "workbook" / GUIDE).write_bytes((NOTEBOOKS / GUIDE).read_bytes())  # with its outputs
    with lab(home / "workbook", home / "home", "Light") as served:
        yield served


def test_the_stored_field_guide_is_fit_for_all(browser: Any, address: str) -> None:
    page = opened(browser, address, GUIDE)
    assert page.locator(f"{OURS} table").count() > 5
    assert stumbles(page, OURS) == []
    page.evaluate(THEME, "Dark")
    assert stumbles(page, OURS) == []
    page.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, some = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("some")
    for name in PAGES:
        (some / f"{name}.ipynb").write_bytes((NOTEBOOKS / f"{name}.ipynb").read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make_site, "NOTEBOOKS", some)  # all of them would take three times as long
        make_site.write(folder)
    return folder


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_whole_pages_are_fit_for_all(browser: Any, site: Path, theme: str) -> None:
    page = browser.new_page(color_scheme=theme)
    told = {}
    for lesson in PAGES:
        page.goto((site / f"{lesson}.html").as_uri())
        told[lesson] = stumbles(page, "html")
    page.close()
    assert {lesson: lines for lesson, lines in told.items() if lines} == {}


def test_a_pale_text_and_a_picture_without_words_are_seen(browser: Any) -> None:
    page = browser.new_page()
    page.set_content(f'<html lang="en"><title>x</title><main>{FAULTY}</main></html>')
    told = [line.split(":")[0] for line in stumbles(page, "main")]
    page.close()
    assert told == ["serious color-contrast", "critical image-alt"]
