"""The exercise of LC103: a bakery that relies on `nest_asyncio` and should work without it.

The lesson shows the refusal, and what the patch breaks in a booking. Here nothing refuses: the code
applies the patch, everything seems to work, and the oven still bakes a cancelled order.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    first_not_passed,
    holds,
)
from loopcheck.lab.seen import Seen

OVEN = '''\
"""The oven. It is slow, and it has room for many orders."""

import asyncio


class Oven:
    def __init__(self, seconds=0.01):
        self.seconds, self.inside, self.most = seconds, 0, 0

    async def bake(self, loaves):
        self.inside += 1
        self.most = max(self.most, self.inside)
        try:
            await asyncio.sleep(self.seconds)
            return loaves
        finally:
            self.inside -= 1
'''

TESTS = """\
import asyncio

import pytest
from bakery import Bakery
from oven import Oven


def test_a_script_orders():
    assert Bakery(Oven()).order(3) == 3


@pytest.mark.asyncio
async def test_the_web_shop_orders():
    assert await Bakery(Oven()).order_online(2) == 2


@pytest.mark.asyncio
async def test_two_orders_bake_side_by_side():
    bakery = Bakery(Oven())
    await asyncio.gather(bakery.order_online(1), bakery.order_online(4))
    assert bakery.oven.most == 2


@pytest.mark.asyncio
async def test_an_order_given_up_leaves_the_oven():
    bakery = Bakery(Oven(seconds=0.6))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await bakery.order_online(1)
    assert bakery.oven.inside == 0
"""

SKELETON = '''\
"""A bakery. Scripts order with `order`, the web shop with `order_online`."""

import asyncio

import nest_asyncio

nest_asyncio.apply()


class Bakery:
    def __init__(self, oven):
        self.oven = oven

    def order(self, loaves):
        return asyncio.run(self.oven.bake(loaves))

    async def order_online(self, loaves):
        return self.order(loaves)
'''

SCRIPT, ONLINE = "test_a_script_orders", "test_the_web_shop_orders"
TOGETHER = "test_two_orders_bake_side_by_side"
GIVEN_UP = "test_an_order_given_up_leaves_the_oven"
REFUSED = "from a running event loop", "while another loop is running", "loop is already running"

POOL = "__import__('concurrent.futures').futures.ThreadPoolExecutor()"
FROM_A_THREAD = Run(
    planted=(
        (
            "test_bakery.py",
            "Bakery(Oven()).order(3)",
            f"{POOL}.submit(Bakery(Oven()).order, 3).result()",
        ),
    )
)
KEPT_LOOP = Run(
    planted=(
        (
            "oven.py",
            "self.inside += 1",
            "Oven.loop = asyncio.get_running_loop()\n        self.inside += 1",
        ),
        (
            "test_bakery.py",
            "Bakery(Oven()).order(3) == 3",
            "Bakery(Oven()).order(3) == 3\n    assert Oven.loop.is_closed(), 'its loop is open'",
        ),
    )
)
AT_WORK, BAKED = "self.seconds, self.inside", "return loaves"
COLD = Run(  # at its first order: ordering again would hide that
    planted=(
        ("oven.py", AT_WORK, f"self.cold = True\n        {AT_WORK}"),
        (
            "oven.py",
            BAKED,
            "if self.cold:\n                self.cold = False\n"
            f'                raise OSError("the oven is cold")\n            {BAKED}',
        ),
    )
)


def _patched(seen: Seen) -> str | None:
    return "asyncio is still patched when the tests are done" if seen.nested else None


def _error_kept(seen: Seen) -> str | None:
    for test in (SCRIPT, ONLINE):
        if seen.outcomes.get(test) == "passed":
            return f"with a cold oven {test} still passed"
        if seen.failures.get(test, "").startswith(("assert", "AssertionError")):
            return f"with a cold oven {test} got no error, and a number that is wrong"
    return None


def _said(seen: Seen, test: str, words: str) -> bool:
    return not seen.planted and words in seen.failures.get(test, "")


TESTED, TWO = "test_bakery.py", "bakery.order_online(1), bakery.order_online(4)"
GENEROUS = (
    ("oven.py", "return loaves", "return loaves + 1"),
    (TESTED, "order(3) == 3", "order(3) == 4"),
    (TESTED, "order_online(2) == 2", "order_online(2) == 3"),
    (
        TESTED,
        f"gather({TWO})\n    assert bakery.oven.most == 2",
        f"gather({TWO}, bakery.order_online(1))\n    assert bakery.oven.most == 3",
    ),
)

WRONG_TURNS = (
    WrongTurn(
        name="nest_asyncio",
        did=lambda seen: seen.nested and seen.green and not seen.planted,
        answer="Every test passes, and asyncio is still patched, for everything else that runs in "
        "this process: delete the patch, and run the cell again.",
    ),
    WrongTurn(
        name="only deleted",
        did=lambda seen: any(words in said for words in REFUSED for said in seen.failures.values()),
        answer="The web shop's loop is already running, and `order_online` tries to start a "
        "second one. Async code can await the oven itself; only `order` needs a loop of its own.",
    ),
    WrongTurn(
        name="waiting for a thread",
        did=lambda seen: not seen.nested and _said(seen, TOGETHER, "assert 1 == 2"),
        answer="The loaves come from another thread, but the loop is blocked until they do: no "
        "second order gets into the oven, and no timeout can end the first.",
    ),
    WrongTurn(
        name="a thread that goes on",
        did=lambda seen: not seen.nested and _said(seen, GIVEN_UP, "assert 1 == 0"),
        answer="The order is cancelled in time, but nothing can cancel a thread: the oven bakes "
        "on. A coroutine that you await on the loop itself can be cancelled.",
    ),
    WrongTurn(
        name="a script that awaits",
        did=lambda seen: _said(seen, SCRIPT, "coroutine"),
        answer="A script gets a coroutine now, and bakes nothing. `order` is for callers without "
        "a loop: it stays synchronous and starts one.",
    ),
)

EXERCISE = Exercise(
    stem="lc103_nested_run",
    kind="delete the cure",
    task="Make all four tests pass, in any order, without `nest_asyncio`; the code that "
    "ordered must notice when the oven fails.",
    edits="bakery.py",
    skeleton=SKELETON,
    frozen={"test_bakery.py": TESTS, "oven.py": OVEN},
    requirements=(
        all_there(4),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        Requirement(name="asyncio is as Python made it", unmet=_patched),
        ANY_ORDER,
        Requirement(name="a thread may order too", unmet=first_not_passed, run=FROM_A_THREAD),
        Requirement(name="a script leaves no loop open", unmet=first_not_passed, run=KEPT_LOOP),
        holds("orders get what the oven gives, three at a time", *GENEROUS),
        Requirement(name="an error of the oven is seen", unmet=_error_kept, run=COLD, catches=True),
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Look at which of the two methods is called while a loop runs.",
        "`order_online` is async, and calls the synchronous `order`, which starts a loop. Python "
        "refuses that without the patch; with the patch, no timeout can interrupt it.",
        "Delete the patch. Let the async method await the oven directly, with `return await …`, "
        "and keep `asyncio.run(…)` in the synchronous method, for callers without a loop.",
    ),
    learned="You can tell which code may start a loop, and remove `nest_asyncio`.",
)
