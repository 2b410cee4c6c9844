"""The exercise of LC204: a tram waits for a light, and two diffs make it go.

The lesson shows that a loop which yields can still check the wrong condition. Here the condition is
right, but polling can miss it: a task that waits for the event sees even a short green, while a
task that polls misses a green that is over before its next look.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    first_not_passed,
    notices,
)
from loopcheck.lab.seen import Seen

LIGHT = '''\
"""A light for trams. It may be green for a moment only."""

import asyncio


class Light:
    def __init__(self):
        self.is_green = False
        self.went_green = asyncio.Event()

    def green(self):
        self.is_green = True
        self.went_green.set()

    def red(self):
        self.is_green = False
        self.went_green.clear()
'''

SKELETON = """\
import asyncio

import pytest
from light import Light

pytestmark = pytest.mark.asyncio


async def drive(light, log):
    while not light.is_green:
        pass
    log.append("tram")


async def test_the_tram_goes_when_the_light_is_green():
    light, log = Light(), []
    tram = asyncio.create_task(drive(light, log))
    await asyncio.sleep(0.01)
    log.append("green")
    light.green()
    await tram
    assert log == ["green", "tram"]
"""

FILE, EVENT = "light.py", "self.went_green = asyncio.Event()"
RED = "        self.is_green = False\n        self.went_green.clear()\n"
POLLED = """\
class Polled(asyncio.Event):
    async def wait(self):
        print("the light is polled")
        while not self.is_set():
            await asyncio.sleep(0)


class Light:
"""
ASKS = Run(
    planted=(
        (FILE, "class Light:\n", POLLED),
        (FILE, EVENT, "self.went_green = Polled()"),
        (FILE, RED, RED + '        print("red again")\n'),
    )
)
SET = "        self.went_green.set()\n"
FLASH = Run(planted=((FILE, SET, SET + '        print("a short green")\n        self.red()\n'),))
OPEN = f"{EVENT}\n        self.went_green.wait = lambda: asyncio.sleep(0)"
GIVEN = "test_the_tram_goes_when_the_light_is_green"


def _unnoticed(seen: Seen) -> str | None:
    return "with a light whose event is polled, every test still passed" if seen.green else None


WRONG_TURNS = (
    WrongTurn(
        name="asked now and then",
        did=lambda seen: seen.planted and "a short green" in seen.output and not seen.green,
        answer="The tram yields now, so the light can change. But it only polls: it never sees a "
        "green that is over before its next look. A task that waits for the event wakes up, "
        "however short the green was.",
    ),
    WrongTurn(
        name="the proof is red",
        did=lambda seen: (
            not seen.planted
            and seen.outcomes.get(GIVEN) == "passed"
            and any("TimeoutError" in words for words in seen.failures.values())
        ),
        answer="Your test is the proof, and it speaks against this diff: the green was over "
        "before the tram looked again. Keep the test, and take the diff that passes it.",
    ),
    WrongTurn(
        name="never red again",
        did=lambda seen: (
            "the light is polled" in seen.output and seen.green and "red again" not in seen.output
        ),
        answer="In none of your tests does the light turn red again before the tram is gone. "
        "While it stays green, a tram that polls behaves like one that waits.",
    ),
)

EXERCISE = Exercise(
    stem="lc204_spin",
    kind="choose between two diffs and prove it",
    task="Make every test pass, in any order. The tram must also go when the light is green "
    "only for a moment. A test of yours must turn red when the tram only polls the "
    "colour.",
    edits="test_light.py",
    skeleton=SKELETON,
    frozen={FILE: LIGHT},
    requirements=(
        all_there(1),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(name="a short green is enough", unmet=first_not_passed, run=FLASH),
        Requirement(
            name="the tests notice a tram that merely asks",
            unmet=_unnoticed,
            run=ASKS,
            catches=True,
        ),
        notices("a tram that does not wait", FILE, EVENT, OPEN),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "What does the tram do between two looks at the light, and what may the light do "
        "meanwhile?",
        "With the first diff the tram yields and looks again later. With the second, the green "
        "light wakes it. A light that is red again before the tram looks tells the two apart.",
        "Take the second diff. The proof: let the tram wait as in the first test, then call "
        "`light.green()` and `light.red()` with no `await` in between, and limit the tram's wait: "
        "`async with asyncio.timeout(0.5): await …`",
    ),
    learned="You can wait for an event instead of polling for it.",
    seconds=5.0,  # it is waited for in full while the tram goes round
)
