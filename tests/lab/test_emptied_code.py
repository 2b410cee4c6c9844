"""Tests beside code that does nothing: those that check something turn red."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loopcheck.lab import emptied_code, exercises
from loopcheck.lab.grading import Checked, grade
from loopcheck.lab.requirements import EACH_CHECKS
from loopcheck.lab.workbook.lesson_files import solution_file

SHOP = '''\
"""A shop."""

from __future__ import annotations

from contextlib import asynccontextmanager


class Shop:
    def __init__(self):
        self.sold = []

    async def sell(self, name):
        self.sold.append(name)
        return name

    def names(self):
        yield from self.sold

    @property
    def is_open(self):
        return True


@asynccontextmanager
async def opened():
    yield Shop()
'''


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return the names of the emptied shop."""
    (tmp_path / emptied_code.MODULE).write_text(emptied_code.SOURCE)
    monkeypatch.syspath_prepend(str(tmp_path))
    names: dict[str, Any] = {}
    exec(emptied_code.emptied(SHOP), names)
    return names


def test_what_is_made_stays_and_what_works_does_nothing(shop: dict[str, Any]) -> None:
    one = shop["Shop"]()
    asyncio.run(one.sell("tea"))
    assert one.sold == []


@pytest.mark.parametrize(
    "check",
    [
        lambda found: found == "tea",
        lambda found: found != "tea",
        bool,
        lambda found: not found,
        len,
        lambda found: "tea" in found,
        lambda found: found < 3,
    ],
)
def test_a_result_can_be_handed_on_and_not_checked(
    shop: dict[str, Any], check: Callable[[Any], object]
) -> None:
    one = shop["Shop"]()
    for found in (asyncio.run(one.sell("tea")), one.is_open, next(one.names()).anything(3)):
        with pytest.raises(AssertionError, match="checks what this function returns"):
            check(found)


def test_a_context_manager_still_enters(shop: dict[str, Any]) -> None:
    async def enter() -> object:
        async with shop["opened"]() as one, one.lock:
            return [order async for order in one.orders]

    assert asyncio.run(enter()) == []


@pytest.mark.parametrize("stem", exercises.stems())
def test_who_writes_tests_has_to_check_something_in_each(stem: str) -> None:
    exercise = exercises.load(stem)
    asked = EACH_CHECKS in exercise.requirements
    assert asked == exercise.edits.startswith("test_")


HOLLOW = {
    "an empty body": "    pass\n",
    "a call alone": "    museum = Museum('north')\n    await museum.lock('north')\n",
    "what it wrote itself": "    doors = ['north']\n    assert doors == ['north']\n",
    "an error that is caught": (
        "    try:\n        assert await Museum('north').is_locked('north')\n"
        "    except Exception:\n        pass\n"
    ),
}


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("name", HOLLOW)
def test_a_hollow_test_beside_good_ones_is_named(name: str) -> None:
    text = exercises.load("lc102_loop_mismatch").skeleton.replace('(scope="module")', "")
    hollow = HOLLOW[name].replace("Museum('north')", "BoxOffice(seats=3)")
    hollow = hollow.replace("lock('north')", "sell()").replace("is_locked", "give_back")
    answer = f"{text}\n\n@pytest.mark.asyncio\nasync def test_more():\n{hollow}"
    told: list[Checked] = []
    assert not grade(exercises.load("lc102_loop_mismatch"), answer, told.append).passed
    (unmet,) = [one for one in told if not one.met]
    assert unmet.requirement is EACH_CHECKS
    assert (unmet.seen or "").startswith("test_more passes beside code whose functions do nothing")


@pytest.mark.usefixtures("warm")
def test_a_test_that_only_an_error_of_the_code_turns_red_is_hollow() -> None:
    stem = "lc105_hand_made_loop"
    text = solution_file(stem).read_text("utf-8")
    answer = text.replace("    assert statement(", "    statement(", 1).replace(" == 10", "", 1)
    told: list[Checked] = []
    assert not grade(exercises.load(stem), answer, told.append).passed
    (unmet,) = [one for one in told if not one.met]
    assert unmet.requirement is EACH_CHECKS
    assert (unmet.seen or "").startswith("test_statement passes beside code")
