"""The exercise of LC507: two diffs make a cinema's tests pass, and one passes no real projector.

The lesson shows the error when code takes a store for its client. Here both diffs remove that
error: one passes the projector, the other a booth that forwards every attribute. A lookup on the
class, not by name on the object, tells the two apart.
"""

from loopcheck.lab.exercise import Exercise, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    notices,
)
from loopcheck.lab.seen import Seen

CINEMA = '''\
"""A cinema: the projector stands in a booth, and is fetched from there when it is warm."""

import asyncio


class Projector:
    def __init__(self):
        self.lit, self.films = False, []

    async def __aenter__(self):
        self.lit = True
        return self

    async def __aexit__(self, *error):
        self.lit = False

    async def show(self, film):
        self.films.append(film)


class Booth:
    def __init__(self):
        self.inner = Projector()

    async def projector(self):
        await asyncio.sleep(0)  # it warms up
        return self.inner


async def evening(projector, *films):
    async with projector:
        for film in films:
            await projector.show(film)
'''

SKELETON = """\
import pytest
import pytest_asyncio
from cinema import Booth

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def projector():
    yield Booth()


async def test_a_film_is_shown(projector):
    await projector.show("Metropolis")
    assert projector.films == ["Metropolis"]
"""

FILE, INNER = "cinema.py", "self.inner = Projector()"
SHOWS = "self.films.append(film)"
PASSES_ON = """\
real = Projector()

        class PassesOn:
            def __getattr__(self, name):
                return getattr(real, name)

        self.inner = PassesOn()"""


def _said(seen: Seen, *words: str) -> bool:
    """True if a test failed with one of *words* while no bug was planted."""
    told = seen.failures.values() if not seen.planted else ()
    return any(word in said for said in told for word in words)


WRONG_TURNS = (
    WrongTurn(
        name="the first diff",
        did=lambda seen: _said(seen, "does not support the asynchronous context manager"),
        answer="The booth forwards attributes that code looks up on the object. `async with` "
        "looks on the class, not on the object, so no `__getattr__` runs. Pass the projector "
        "itself.",
    ),
    WrongTurn(
        name="not awaited",
        did=lambda seen: _said(seen, "'coroutine' object"),
        answer="`projector()` is an `async def`: the call alone returns a coroutine. Its `await` "
        "returns the projector.",
    ),
    WrongTurn(
        name="not called",
        did=lambda seen: _said(seen, "'function' object", "'method' object"),
        answer="Without parentheses you pass the method itself. Call it, and await the call.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test shows no film. The fault is in one line of the fixture.",
    ),
)

EXERCISE = Exercise(
    stem="lc507_wrapper_not_client",
    kind="choose between two diffs and prove it",
    task="Make every test pass, in any order; one of your tests must turn red when an object "
    "that only forwards names replaces the projector.",
    edits="test_cinema.py",
    skeleton=SKELETON,
    frozen={FILE: CINEMA},
    requirements=(
        all_there(1),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        notices("something that passes names on", FILE, INNER, PASSES_ON),
        notices("a film that is not shown", FILE, SHOWS, "pass"),
        notices("another film", FILE, SHOWS, SHOWS.replace("film)", '"Dracula")')),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Look at everything that `cinema.py` does with a projector. A test of `show` covers only "
        "a part.",
        "`evening` enters the projector: `async with` looks for `__aenter__` in its class, and "
        "the class of a booth has none. So take the second diff.",
        "Take `yield await Booth().projector()`, then add the proof: either a test that calls "
        '`await evening(projector, "…")`, or in the fixture `assert isinstance(projector, …)`.',
    ),
    learned="You can pass the client itself, and test that it is one.",
)
