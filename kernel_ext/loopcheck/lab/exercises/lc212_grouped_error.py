"""The exercise of LC212: a tide station whose gauges are read in a task group.

The lesson mends a test's expectation and a fallback. Here one error means "no report" and another
must arrive as it is, so neither a wide `except` nor a single `except*` is enough.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    first_not_passed,
    notices,
)
from loopcheck.lab.seen import Seen

GAUGES = '''\
"""The gauges of a tide station. In ice, a gauge cannot be read."""

import asyncio


class Frozen(Exception):
    pass


class Gauge:
    at_once = most = 0  # how many are being read, and how many were at most

    def __init__(self, level):
        self.level = level

    async def read(self):
        Gauge.at_once += 1
        Gauge.most = max(Gauge.most, Gauge.at_once)
        try:
            await asyncio.sleep(0.01)
            if self.level == "ice":
                raise Frozen()
            if self.level is None:
                raise OSError("no signal")
            return self.level
        finally:
            Gauge.at_once -= 1
'''

TESTS = """\
import pytest
import tide
from gauges import Gauge

pytestmark = pytest.mark.asyncio


async def test_the_highest_level_is_reported():
    Gauge.most = 0
    assert await tide.report([Gauge(3), Gauge(5), Gauge(4)]) == 5
    assert Gauge.most == 3


async def test_ice_means_no_report():
    assert await tide.report([Gauge(3), Gauge("ice")]) == "no report"
    assert await tide.report([Gauge("ice"), Gauge("ice")]) == "no report"


async def test_the_error_of_a_broken_gauge_arrives():
    with pytest.raises(OSError, match="no signal"):
        await tide.report([Gauge(3), Gauge(None)])
"""

SKELETON = '''\
"""The report of a tide station."""

import asyncio

from gauges import Frozen


async def levels(gauges):
    async with asyncio.TaskGroup() as tasks:
        readings = [tasks.create_task(gauge.read()) for gauge in gauges]
    return [reading.result() for reading in readings]


async def report(gauges):
    try:
        return max(await levels(gauges))
    except Frozen:
        return "no report"
'''

FILE, ICE = "gauges.py", "raise Frozen()"
SIGNAL = "no signal"
OTHER_WORDS = Run(
    planted=(
        (FILE, SIGNAL, "the cable is cut"),
        ("test_tide.py", SIGNAL, "the cable is cut"),
    )
)
BROKEN = "test_the_error_of_a_broken_gauge_arrives"


def _only_the_broken_one_is_grouped(seen: Seen) -> bool:
    return "ExceptionGroup" in seen.failures.get(BROKEN, "") and len(seen.failures) == 1


WRONG_TURNS = (
    WrongTurn(
        name="everything is ice",
        did=lambda seen: "DID NOT RAISE" in seen.failures.get(BROKEN, ""),
        answer="Now a broken gauge, or any bug, means ice. The class says which error it is: look "
        "at the members of the group, not only at the group.",
    ),
    WrongTurn(
        name="half of it",
        did=_only_the_broken_one_is_grouped,
        answer="Ice is found in the group, but the error of a broken gauge still arrives in one. "
        "If `levels` opens the group, `report` can stay as it was.",
    ),
    WrongTurn(
        name="a return in a star block",
        did=lambda seen: "'return' cannot appear in an" in (seen.unreadable or ""),
        answer="An `except*` block may not return: several of them can run for one group. Keep "
        "what you found, and return after the blocks.",
    ),
    WrongTurn(
        name="one after the other",
        did=lambda seen: seen.failed_with("assert 1 == 3"),
        answer="Without a group no error is grouped, but the gauges are now read one by one.",
    ),
)

EXERCISE = Exercise(
    stem="lc212_grouped_error",
    kind="mend the code",
    task="Every test must pass: all gauges are read at the same time, ice means no report, "
    "and callers get the error of a broken gauge itself, not a group.",
    edits="tide.py",
    skeleton=SKELETON,
    frozen={FILE: GAUGES, "test_tide.py": TESTS},
    requirements=(
        all_there(3),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(name="it is the gauge's own error", unmet=first_not_passed, run=OTHER_WORDS),
        notices("a bug that is no ice", FILE, ICE, "raise KeyError(self.level)"),
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "`except Frozen` is right about the member of the group. What does that line get?",
        "`levels` reads in a task group, which raises every error of a gauge inside an "
        "`ExceptionGroup`. `report` looks for the member's class.",
        "Let `levels` open its own group: `try: async with … except ExceptionGroup as group: "
        "raise …`. `group.exceptions` has the members. `report` then stays as it is.",
    ),
    learned="You can tell what a task group makes of an error, and where to open the group.",
)
