"""The site in a real browser: its search, its themes, the keyboard, and what a reader hears."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("axe_playwright_python", reason="the extra `test` is not installed")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import make_site  # noqa: E402
from test_lesson_in_lab import browser, playwright, pytestmark, stumbles  # noqa: E402

from loopcheck.modes import catalogue  # noqa: E402

__all__ = ["browser", "playwright", "pytestmark"]
PAGES = ("index", "install", "modes", "lc102", "lc403", "reference", "teams", "accuracy", "lessons")
WHOLE = (
    "RuntimeError: Task <Task pending name='Task-31' coro=<test_read() running at /srv/x.py:9>> "
    "got Future <Future pending> attached to a different loop"
)
FOUND = "query => window.loopcheckSearch(query).map(one => one.page)"
GROUND = "() => getComputedStyle(document.documentElement).backgroundColor"
WHITE, DARK = "rgb(255, 255, 255)", "rgb(18, 22, 28)"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, few = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("few")
    for name in ("00_start_here", "lc102_loop_mismatch"):
        file = f"{name}.ipynb"
        (few / file).write_bytes((make_site.NOTEBOOKS / file).read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make_site, "NOTEBOOKS", few)  # all of them would take a minute
        make_site.write(folder)
    return folder


@pytest.fixture
def page(browser: Any, site: Path) -> Iterator[Any]:
    """The first page, in a browser that may fetch nothing but files of the site."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    fetched: list[str] = []
    faults: list[str] = []
    opened.on("request", lambda request: fetched.append(request.url))
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.goto((site / "index.html").as_uri())
    yield opened
    context.close()
    assert [url for url in fetched if not url.startswith((site.as_uri(), "data:"))] == []
    assert faults == []


def typed(page: Any, words: str) -> list[str]:
    """Type *words* into the search; return the pages that it offers."""
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.wait_for_selector("#results li a")
    return [str(one.get_attribute("href")) for one in page.locator("#results a").all()]


def test_the_words_of_an_error_find_its_mode(page: Any) -> None:
    first = typed(page, "attached to a different loop")[0]
    assert first.startswith("lc102.html")
    assert page.locator("#results mark").first.inner_text() == "attached to a different loop"


def test_a_whole_error_as_pytest_prints_it_finds_its_mode(page: Any) -> None:
    typed(page, "x")
    assert "lc102.html" in page.evaluate(FOUND, WHOLE)[:3]  # LC101 and LC106 say so, too


def test_what_each_mode_makes_people_see_finds_it(page: Any) -> None:
    typed(page, "x")
    lost = []
    for mode in catalogue.modes():
        for said in catalogue.says(mode)[:1]:
            found = page.evaluate(FOUND, said.replace(" + ", " "))[:5]
            if f"{mode.code.lower()}.html" not in found:
                lost.append(f"{mode.code}: {said}: {found}")
    assert not lost, "\n".join(lost)


def test_the_keyboard_alone_is_enough(page: Any) -> None:
    offered = typed(page, "event loop is closed")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("() => document.activeElement.id") == "query"
    page.keyboard.press("Escape")
    assert not page.locator("#results").is_visible()
    page.keyboard.type("s")  # opens it again
    page.wait_for_selector("#results li a")
    page.keyboard.press("Backspace")
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.rpartition("/")[2] == offered[0]


def test_the_first_key_skips_to_the_content(page: Any) -> None:
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("#content")


def test_the_theme_follows_the_system_until_it_is_chosen_and_stays_chosen(page: Any) -> None:
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(GROUND) == DARK
    page.emulate_media(color_scheme="light")
    assert page.evaluate(GROUND) == WHITE
    button = page.locator("#theme")
    button.click()
    button.click()
    assert button.inner_text() == "Theme: dark"
    assert page.evaluate(GROUND) == DARK
    with page.expect_navigation():
        page.locator("text=Install").first.click()
    assert page.url.endswith("install.html")
    assert page.evaluate(GROUND) == DARK


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_its_pages_are_fit_for_all(browser: Any, site: Path, theme: str) -> None:
    page = browser.new_page(color_scheme=theme)
    told = {}
    for name in PAGES:
        page.goto((site / f"{name}.html").as_uri())
        told[name] = stumbles(page, "html")
    typed(page, "lock")
    told["results"] = stumbles(page, "html")
    page.close()
    assert {name: lines for name, lines in told.items() if lines} == {}


def test_a_narrow_window_scrolls_down_only(browser: Any, site: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    wide = {}
    for name in PAGES:
        page.goto((site / f"{name}.html").as_uri())
        wide[name] = page.evaluate("() => document.documentElement.scrollWidth")
    page.close()
    assert {name: width for name, width in wide.items() if width > 390} == {}


def test_without_scripts_the_pages_are_whole(browser: Any, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "lc102.html").as_uri())
    assert page.locator("h1").inner_text() == "LC102 loop-mismatch"
    assert not page.locator("#query").is_visible()
    context.close()
