"""The exercise of LC407: a relay of 2018, and what its old calls did besides taking a `loop`.

In the lesson the modern spelling leaves out something that the old one did. Here it is the other
way round: the obvious modern call waits for more than the old code waited for.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    first_not_passed,
)
from loopcheck.lab.seen import Seen

SHIP = '''\
"""A ship with a radio. It can listen to one message at a time."""

import asyncio


class Ship:
    def __init__(self, deaf=False):
        self.deaf, self.busy, self.heard = deaf, False, []

    async def hear(self, message):
        if self.deaf:
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0.01)  # it hangs up
        assert not self.busy, "two messages at once"
        self.busy = True
        await asyncio.sleep(0)
        self.busy = False
        self.heard.append(message)
'''

TESTS = """\
import asyncio

import pytest
from relay import Relay
from ship import Ship

pytestmark = pytest.mark.asyncio
PATIENCE = 0.05


async def test_all_ships_hear_it():
    ships = [Ship(), Ship(), Ship()]
    assert await Relay(ships).say("fog", PATIENCE) == 3
    assert [ship.heard for ship in ships] == [["fog"]] * 3


async def test_two_messages_do_not_mix():
    ships = [Ship(), Ship()]
    relay = Relay(ships)
    await asyncio.gather(relay.say("fog", PATIENCE), relay.say("storm", PATIENCE))
    assert [ship.heard for ship in ships] == [["fog", "storm"]] * 2


async def test_a_deaf_ship_is_not_waited_for():
    ships = [Ship(), Ship(deaf=True), Ship()]
    assert await Relay(ships).say("fog", PATIENCE) == 2
    assert asyncio.all_tasks() == {asyncio.current_task()}
"""

SKELETON = '''\
import asyncio


class Relay:
    """Says a message to all ships. Written for Python 3.6."""

    def __init__(self, ships, loop=None):
        self.ships = ships
        self.loop = loop or asyncio.get_event_loop()
        self.speaking = asyncio.Lock(loop=self.loop)

    async def say(self, message, patience):
        """Return how many ships heard it in time; stop calling the others."""
        async with self.speaking:
            calls = [ship.hear(message) for ship in self.ships]
            heard, late = await asyncio.wait(calls, timeout=patience, loop=self.loop)
            for call in late:
                call.cancel()
            if late:
                await asyncio.wait(late, loop=self.loop)  # until they have hung up
            return len(heard)
'''

DEAF, MIX = "test_a_deaf_ship_is_not_waited_for", "test_two_messages_do_not_mix"
DEAFER = Run(
    planted=(
        (
            "test_relay.py",
            "ships = [Ship(), Ship(deaf=True), Ship()]",
            "ships = [Ship(deaf=True), Ship(), Ship(), Ship(deaf=True)]",
        ),
    )
)
SLOW = Run(planted=(("ship.py", "sleep(0.01)  # it hangs up", "sleep(0.25)  # it hangs up"),))


def _said(seen: Seen, test: str, *words: str) -> bool:
    return any(word in seen.failures.get(test, "") for word in words)


WRONG_TURNS = (
    WrongTurn(
        name="no limit",
        did=lambda seen: seen.late and seen.running == DEAF,
        answer="Something waits for the deaf ship without a timeout: `gather` and a `TaskGroup` "
        "wait for all, and so does one call after the other. `asyncio.wait` still exists, with "
        "its `timeout`. It is only stricter about its arguments.",
    ),
    WrongTurn(
        name="a limit for all together",
        did=lambda seen: _said(seen, DEAF, "TimeoutError", "assert 0 == 2"),
        answer="Here the timeout ends the whole round, also for the two ships that heard it. Give "
        "each call its own timeout, or check which calls are done.",
    ),
    WrongTurn(
        name="still calling",
        did=lambda seen: bool(seen.left),
        answer="The relay has stopped waiting, and the call of the deaf ship goes on: a timeout "
        "of `asyncio.wait` cancels nothing. The old code cancelled the late calls, and waited "
        "until they had ended.",
    ),
    WrongTurn(
        name="cancelled, not awaited",
        did=lambda seen: bool(seen.stopping),
        answer="The late calls are cancelled, and they have not ended: `cancel()` only asks, and a "
        "ship takes a moment to hang up. How long, only the task itself can tell you: await it, as "
        "the old code did.",
    ),
    WrongTurn(
        name="two at once",
        did=lambda seen: _said(seen, MIX, "assert [[", "two messages at once"),
        answer="Two messages reach a ship at the same time: the lock is gone, or doesn't cover the "
        "calls. `asyncio.Lock()` takes no loop any more, and needs none.",
    ),
    WrongTurn(
        name="plain coroutines",
        did=lambda seen: any("Passing coroutines" in said for said in seen.failures.values()),
        answer="One call is left: `asyncio.wait` used to turn coroutines into tasks, and no "
        "longer does. Make the tasks yourself.",
    ),
)

EXERCISE = Exercise(
    stem="lc407_removed_api",
    kind="mend the code",
    task="Make every test pass, in any order, on this Python: the messages must not mix, the "
    "relay must not wait for a deaf ship, and no task may be left.",
    edits="relay.py",
    skeleton=SKELETON,
    frozen={"ship.py": SHIP, "test_relay.py": TESTS},
    requirements=(
        all_there(3),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(
            name="two deaf ships, one of them the first", unmet=first_not_passed, run=DEAFER
        ),
        Requirement(name="a ship that hangs up slowly", unmet=first_not_passed, run=SLOW),
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Look at each call with a `loop` argument, and at the other arguments of `asyncio.wait`.",
        "No call needs `loop=`: each uses the running loop. Since Python 3.11 `asyncio.wait` "
        "takes tasks, not coroutines; its `timeout` and its two sets are unchanged.",
        "Remove every `loop=`, and `self.loop`. Then `calls = [asyncio.create_task(…) for ship in "
        "self.ships]`. The rest stays: the relay cancels what is late, and waits until it has "
        "ended.",
    ),
    learned="You can bring old asyncio code to today's Python and keep everything that it did.",
)
