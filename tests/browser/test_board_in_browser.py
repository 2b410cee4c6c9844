"""The class board in a browser: it refreshes itself, and keyboard and screen reader have it all.

The service is real; tests/lab/test_board_page.py logs in. Set LOOPCHECK_PICTURES to a folder to
keep pictures of a class of thirty.
"""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("tornado")
sys.path.append(str(Path(__file__).parents[1] / "lab"))

from boards import Room, served, stand_in_hub  # type: ignore[import-not-found]
from test_lesson_in_lab import browser, playwright, pytestmark, stumbles

from loopcheck.lab import exercises
from loopcheck.lab.board.kept import Dated, Kept
from loopcheck.lab.board.row import Row, State, as_fields

__all__ = ["browser", "playwright", "pytestmark"]
LESSONS = (
    "lc102_loop_mismatch",
    "lc202_never_awaited",
    "lc203_hang",
    "lc301_undecorated_async_fixture",
)
NAMES = (
    *("Ann", "Björn", "Chloé", "Dimitri", "Esra"),
    *("Femke", "Giulia", "Hassan", "Ines", "Jakub"),
    *("Keiko", "Lars", "Mina", "Noor", "Oskar"),
    *("Priya", "Quentin", "Rosa", "Svetlana", "Tomás"),
    *("Uche", "Vera", "Wei", "Xenia", "Yusuf"),
    *("Zoë", "Ian", "Ada", "Bo", "Alexandrina-Charlotte"),
)
HANDS = {"Jakub": "it is green, so what is wrong?", "Esra": "which loop does the fixture run on?"}
SECONDS = 30_000  # ms


def a_class(kept: Kept) -> None:
    """Fill *kept* with thirty learners in all states."""
    now = time.time()
    for n, name in enumerate(NAMES):
        stem = LESSONS[n * len(LESSONS) // len(NAMES)]
        names = [one.name for one in exercises.load(stem).requirements]
        done = (n * 7) % (len(names) + 1)
        states: list[State] = ["met"] * done
        rest: list[State] = ["not met" if n % 3 or name in HANDS else "not looked at"]
        states += (rest + ["not looked at"] * len(names))[: len(names) - done]
        row = Row(
            name=name,
            lesson=stem,
            requirements=tuple(zip(names, states, strict=True)),
            hints=n % 3,
            hand=HANDS.get(name),
        )
        kept.all[name] = Dated(row, now - 31 * n, now - 90 - n, {stem: 60.0 * (5 + n)})


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    kept = Kept(tmp_path / "board")
    a_class(kept)
    with stand_in_hub() as api, served(kept, api) as url:
        yield Room(url, kept, api)


def opened(browser: Any, room: Room, **about: Any) -> Any:
    """Return the page of a facilitator whom the Hub has just sent back."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, **about)
    asked = context.request.get(room.url, headers={"Accept": "text/html"}, max_redirects=0)
    state = asked.headers["location"].partition("state=")[2]
    page, troubles = context.new_page(), list[str]()
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(f"{room.url}oauth_callback?code=eve&state={state}")
    page.wait_for_selector("body[data-looked]")
    assert troubles == []
    return page


def kept_picture(page: Any, name: str) -> None:
    if folder := os.environ.get("LOOPCHECK_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_thirty_learners_are_a_picture_and_a_table(browser: Any, room: Room) -> None:
    page = opened(browser, room)
    assert sorted(page.locator(".tile .name").all_inner_texts()) == sorted(NAMES)
    assert page.locator("#hands b").all_inner_texts() == ["Jakub", "Esra"]
    assert HANDS["Esra"] in page.locator("#hands").inner_text()
    assert page.title() == "✋ 2 · Class board"
    page.locator("#twin summary").press("Enter")
    assert page.locator("#rows tr").count() == len(NAMES)
    page.context.close()


def test_a_hand_comes_and_goes_without_a_reload(browser: Any, room: Room) -> None:
    page = opened(browser, room)
    page.evaluate("window.same = true")
    room.by("bob").ask(
        "PUT", "row", as_fields(Row(name="<b>Bob", lesson="lc203_hang", hand="why?"))
    )
    page.get_by_text("<b>Bob", exact=True).first.wait_for(timeout=SECONDS)
    assert "raises a hand at LC203 hang" in page.locator("#news").inner_text()
    room.by("bob").ask("DELETE", "row")
    page.get_by_role("heading", name="Hands up: 2").wait_for(timeout=SECONDS)
    assert page.evaluate("window.same")
    page.context.close()


def test_a_board_that_is_down_says_so_and_keeps_the_picture(browser: Any, room: Room) -> None:
    page = opened(browser, room)
    page.route("**/picture", lambda route: route.abort())
    page.locator("#trouble", has_text="does not answer").wait_for(timeout=SECONDS)
    assert page.locator(".lesson").count() == len(LESSONS)
    page.unroute("**/picture")
    page.locator("#trouble").wait_for(state="hidden", timeout=SECONDS)
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_board_follows_the_system_and_is_fit_for_all(
    browser: Any, room: Room, theme: str
) -> None:
    page = opened(browser, room, color_scheme=theme, bypass_csp=True)  # axe brings its own script
    page.locator("#twin summary").press("Enter")
    assert stumbles(page, "html") == []
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 28)"
    assert dark is (theme == "dark")
    page.locator("#twin summary").press("Enter")
    kept_picture(page, f"board-{theme}")
    page.context.close()


def test_a_projector_shows_all_on_one_screen_as_large_as_fits(browser: Any, room: Room) -> None:
    page = opened(browser, room)
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#projector[aria-pressed=true]")
    overflow, size = page.evaluate(
        "[document.documentElement.scrollHeight - innerHeight,"
        " parseFloat(getComputedStyle(document.documentElement).fontSize)]"
    )
    assert overflow <= 0
    assert size > 18
    kept_picture(page, "board-projector")
    page.reload()
    page.wait_for_selector("body[data-looked]")
    page.wait_for_selector("#projector[aria-pressed=true]")
    page.context.close()
