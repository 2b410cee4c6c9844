"""The exercise of LC411: a cloakroom whose tests stop the clock that the loop sleeps by.

The lesson gives the code a clock. Here the code is frozen and has no parameter for one, so the test
has to replace the right name, or let its clock move on.
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

CLOAKROOM = '''\
"""A cloakroom: a ticket is valid for an hour, and each visit to the rack takes a moment."""

import asyncio
import time


class Ticket:
    def __init__(self):
        self.given_at = time.monotonic()

    @property
    def valid(self):
        return time.monotonic() - self.given_at < 3600


class Cloakroom:
    def __init__(self):
        self.rack = {}

    async def hang_up(self, coat):
        await asyncio.sleep(0.01)
        ticket = Ticket()
        self.rack[ticket] = coat
        return ticket

    async def fetch(self, ticket):
        await asyncio.sleep(0.01)
        if not ticket.valid:
            raise PermissionError("the ticket has expired")
        return self.rack.pop(ticket)
'''

SKELETON = """\
import time

import pytest
from cloakroom import Cloakroom


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock)
    return clock


@pytest.mark.asyncio
async def test_a_coat_comes_back_within_an_hour(clock):
    room = Cloakroom()
    ticket = await room.hang_up("blue coat")
    clock.now += 3599
    assert await room.fetch(ticket) == "blue coat"


@pytest.mark.asyncio
async def test_a_ticket_expires_after_an_hour(clock):
    room = Cloakroom()
    ticket = await room.hang_up("red coat")
    clock.now += 3600
    with pytest.raises(PermissionError):
        await room.fetch(ticket)
"""

FILE, HOUR, MAKES = "cloakroom.py", "< 3600", "ticket = Ticket()"
WAITS = (
    "try:\n            await asyncio.wait_for(asyncio.Event().wait(), 0.05)\n"
    f"        except TimeoutError:\n            pass\n        {MAKES}"
)
LIMITED = Run(planted=((FILE, MAKES, WAITS),))
TWO_CLOCKS = (  # a clock that each look moves makes a sleep far too long
    "from time import perf_counter\n"
    "        loop, began = asyncio.get_running_loop(), perf_counter()\n"
    "        at = loop.time()\n"
    "        await asyncio.sleep(0.05)\n"
    "        apart = perf_counter() - began - (loop.time() - at)\n"
    '        assert abs(apart) < 0.04, "the loop has another clock"\n'
    f"        {MAKES}"
)
COMPARED = Run(planted=((FILE, MAKES, TWO_CLOCKS),))

WRONG_TURNS = (
    WrongTurn(
        name="too old by far",
        did=lambda seen: seen.green and "< 7200" in seen.bugs,
        answer="With a ticket that lasts two hours your tests pass: theirs is older than that. Let "
        "it be exactly an hour old.",
    ),
    WrongTurn(
        name="the same clock",
        did=lambda seen: seen.late and "cloakroom.time.monotonic" in seen.answer,
        answer="`cloakroom.time` is the module `time` itself, so this stops the clock of the whole "
        "process, as before, and the loop waits for it. Replace the name `time` in "
        "`cloakroom`, not the function in the module.",
    ),
    WrongTurn(
        name="nobody reads this clock",
        did=lambda seen: not seen.planted and seen.failed_with("DID NOT RAISE"),
        answer="The waits end, and the hour never passes: the cloakroom no longer reads the clock "
        "that the test moves.",
    ),
    WrongTurn(
        name="a name that is not there",
        did=lambda seen: seen.failed_with("has no attribute 'monotonic'"),
        answer="`cloakroom.py` says `import time`, so the only name that it has is `time`. "
        "Replace that one.",
    ),
    WrongTurn(
        name="no sleep at all",
        did=lambda seen: seen.late and WAITS in seen.bugs,
        answer="The loop's clock still stands, whatever became of the sleeps: the first limit "
        "inside of the cloakroom hangs. That is LC405 on top of LC411.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test fetches no coat. Both can run.",
    ),
)

EXERCISE = Exercise(
    stem="lc411_frozen_clock",
    kind="mend the test",
    task="Both tests must pass, and one must fail if a ticket lasts longer or shorter than an "
    "hour. If `cloakroom.py` used `asyncio.timeout`, that must still end its wait.",
    edits="test_cloakroom.py",
    skeleton=SKELETON,
    frozen={FILE: CLOAKROOM},
    requirements=(
        all_there(2),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(name="a limit in the cloakroom fires", unmet=first_not_passed, run=LIMITED),
        notices("a ticket that lasts two hours", FILE, HOUR, "< 7200"),
        Requirement(
            name="the clock of the loop goes on as it did", unmet=first_not_passed, run=COMPARED
        ),
        notices("a ticket that lasts half an hour", FILE, HOUR, "< 1800"),
        notices("another error for an old ticket", FILE, "PermissionError(", "LookupError("),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Which line stops a clock, and what reads that clock besides the ticket?",
        "`time.monotonic` is one function for the whole process. The loop asks it whether a timer "
        "is due, so no sleep ends.",
        "Replace the name that `cloakroom.py` reads, and leave the module `time` as it is: "
        '`monkeypatch.setattr("cloakroom.time", …)`, with an object that has a `monotonic`.',
    ),
    learned="You can tell which clock a loop sleeps by, and stop only your own.",
)
