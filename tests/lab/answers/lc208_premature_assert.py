"""Answers to the exercise of LC208: the right ones and the wrong turns."""

from loopcheck.lab.exercises.lc208_premature_assert import SKELETON

SKELETON_SAYS = (
    "every test runs and passes",
    "test_a_soup_is_served: AssertionError: assert [] == ['soup']",
)

SLEEPS = "await asyncio.sleep(0)"
DONE = "while kitchen.at_work:\n        await asyncio.wait(kitchen.at_work)"


def waiting(how: str, text: str = SKELETON) -> str:
    """Return the skeleton with another way to wait, in each of its tests."""
    assert SLEEPS in text
    return text.replace(SLEEPS, how)


def only(old: str, new: str, text: str) -> str:
    assert old in text, old
    return text.replace(old, new)


RIGHT = {
    "wait while something is at work": waiting(DONE),
    "gathered again and again": waiting(
        "while kitchen.at_work:\n        await asyncio.gather(*kitchen.at_work)"
    ),
    "looked at often, with a limit": waiting(
        "async with asyncio.timeout(3):\n"
        "        while kitchen.at_work:\n            await asyncio.sleep(0.002)"
    ),
    "a kitchen that is closed by its fixture": """
import asyncio
import contextlib
import pytest
import kitchen

@contextlib.asynccontextmanager
async def evening():
    one = kitchen.Kitchen()
    yield one
    while one.at_work:
        await asyncio.wait({*one.at_work}, timeout=5)

@pytest.mark.asyncio
class TestEvening:
    async def test_dishes(self):
        async with evening() as place:
            place.order("soup")
            place.order("pie")
        assert sorted(place.served) == ["pie", "soup"]

    async def test_bills(self):
        async with evening() as place:
            place.order("tea")
        assert place.bills == ["tea"]

    async def test_smoke(self):
        async with evening() as place:
            place.order("toast")
        assert not place.burnt
""",
    "in threes": """
import asyncio
import pytest
from kitchen import Kitchen

@pytest.fixture(params=["soup", "fish", "toast"])
def dish(request):
    return request.param

def test_a_dish(dish):
    async def cooked():
        kitchen = Kitchen()
        kitchen.order(dish)
        while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.gather(*tasks)
        return kitchen

    kitchen = asyncio.run(cooked())
    assert (kitchen.served, kitchen.bills, kitchen.burnt) == ([dish], [dish], [])
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "more turns": (
        waiting("for _ in range(5):\n        await asyncio.sleep(0)"),
        "every test",
        "",
    ),
    "a short sleep": (waiting("await asyncio.sleep(0.05)"), "busy evening", "A sleep guesses"),
    "a long sleep": (
        waiting("await asyncio.sleep(1)"),
        "longer than it must",
        "and every test run pays",
    ),
    "one gather": (
        waiting("await asyncio.gather(*kitchen.at_work)"),
        "every test",
        "But when a dish is served he",
    ),
    "the early one left as it is": (
        only('kitchen.order("toast")\n    ' + DONE, 'kitchen.order("toast")', waiting(DONE)),
        "the work is done",
        "",
    ),
    "cooked by hand": (
        waiting(DONE).replace("kitchen.order(", "await kitchen.cook("),
        "an order that is lost",
        "as a guest would",
    ),
    "an empty assert": (
        only("assert kitchen.burnt == []", "assert kitchen.burnt is not None", waiting(DONE)),
        "a toast that burns",
        "",
    ),
    "no bill": (
        only('assert kitchen.bills == ["fish"]', "assert kitchen.served", waiting(DONE)),
        "a bill that is not written",
        "",
    ),
    "skipped": (
        SKELETON.replace("async def test_a", "@pytest.mark.skip\nasync def test_a"),
        "every test",
        "",
    ),
}
