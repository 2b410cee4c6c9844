"""The exercise of LC405: a retrier's tests take half a minute, and must become fast.

The lesson passes the pause in. Here the learner can't change the code, and each of its three tests
needs something different from a pause: that it is counted, that other tasks run meanwhile, and that
time passes at all.
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

WEBHOOK = '''\
"""Tells shops what was paid. It asks a silent shop again, later and later."""

import asyncio


class GaveUp(Exception):
    pass


async def deliver(shop, order):
    for attempt in range(5):
        try:
            return await shop.post(order)
        except ConnectionError:
            await asyncio.sleep(2**attempt)
    raise GaveUp(order)


async def deliver_for_sure(shop, order):
    while True:
        try:
            return await deliver(shop, order)
        except GaveUp:
            await asyncio.sleep(60)
'''

SHOP = '''\
"""A shop. After so many rings its keeper comes and opens, as soon as he gets his turn."""

import asyncio


class Shop:
    def __init__(self, opens_after=0):
        self.opens_after, self.rings, self.is_open = opens_after, 0, False

    async def post(self, order):
        if self.is_open:
            return "thanks"
        self.rings += 1
        if self.rings == self.opens_after:
            asyncio.get_running_loop().call_soon(self.open)
        raise ConnectionError("nobody answers")

    def open(self):
        self.is_open = True
'''

CLOCK = """\
import asyncio


def test_the_sleep_of_all_others_is_the_real_one():
    assert asyncio.sleep is asyncio.tasks.sleep
"""

SKELETON = """\
import asyncio

import pytest
import webhook
from shop import Shop

pytestmark = pytest.mark.asyncio


async def test_it_gives_up_after_five():
    shop, clock = Shop(), asyncio.get_running_loop().time
    began = clock()
    with pytest.raises(webhook.GaveUp):
        await webhook.deliver(shop, "order 7")
    assert shop.rings == 5
    assert clock() - began >= 1 + 2 + 4 + 8 + 16


async def test_a_shop_that_opens_is_served():
    shop = Shop(opens_after=3)
    assert await webhook.deliver(shop, "order 7") == "thanks"


async def test_a_timeout_still_ends_it():
    shop = Shop()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await webhook.deliver_for_sure(shop, "order 7")
"""

FILE, PAUSE = "webhook.py", "asyncio.sleep(2**attempt)"
GIVEN = "test_a_timeout_still_ends_it"
LEFT = "test_the_sleep_of_all_others_is_the_real_one"

WRONG_TURNS = (
    WrongTurn(
        name="spins",
        did=lambda seen: seen.late and seen.running == GIVEN,
        answer="Now the shop rings for ever: the mocked sleep returns without waiting, so the "
        "loop never gets control back, and this test's timeout never fires. That is the spin of "
        "the lesson. The mock has to yield to the loop.",
    ),
    WrongTurn(
        name="time vanished",
        did=lambda seen: any(
            "GaveUp" in seen.failures[test] for test in seen.failures if test != GIVEN
        ),
        answer="Five rings, and the keeper never ran between them: he was still on his way when "
        "`deliver` gave up. The pauses are not short now, they are gone. Other tasks must be able "
        "to run in each of them.",
    ),
    WrongTurn(
        name="finds itself",
        did=lambda seen: seen.failed_with("RecursionError", "recursion"),
        answer="The mock calls `asyncio.sleep`, and under that name it finds itself. Keep the "
        "real one under another name before you replace it.",
    ),
    WrongTurn(
        name="left in place",
        did=lambda seen: seen.outcomes.get(LEFT) == "failed",
        answer="The mock is still there when the tests are over, and the whole process shares it: "
        "any later sleep calls it. `monkeypatch` and `with patch` put the real one back.",
    ),
    WrongTurn(
        name="no pause asked for",
        did=lambda seen: seen.planted and "asyncio.sleep(1)" in seen.bugs and seen.green,
        answer="No test checks how long the pauses would have been. In production this bug rings a "
        "closed shop five times in five seconds. The mock can record the seconds it gets.",
    ),
    WrongTurn(
        name="nothing to await",
        did=lambda seen: seen.failed_with("'await' expression", "can't be awaited"),
        answer="`deliver` awaits what its sleep returns, and this mock returns nothing that can "
        "be awaited: LC401.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test takes no time, and proves nothing. All three can run, "
        "and none has to wait.",
    ),
)

EXERCISE = Exercise(
    stem="lc405_mocked_sleep",
    kind="mend the test",
    task="Make every test pass, in any order, without a wait; a timeout must still end the "
    "endless delivery, and a test must notice a pause that does not grow.",
    edits="test_webhook.py",
    skeleton=SKELETON,
    frozen={FILE: WEBHOOK, "shop.py": SHOP, "test_clock.py": CLOCK},
    requirements=(
        all_there(4),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        notices("a pause that does not grow", FILE, PAUSE, "asyncio.sleep(1)"),
        notices("a sixth ring", FILE, "range(5)", "range(6)"),
        notices(
            "an endless delivery that ends",
            FILE,
            "            await asyncio.sleep(60)",
            " " * 12 + "return None",
        ),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "What does each test need from a pause? One adds up its seconds. In one the keeper of the "
        "shop has to run meanwhile. In one a timeout has to expire meanwhile.",
        "A mock returns at once and lets no other task run: the keeper never runs, and the "
        "timeout never ends the test. A real `asyncio.sleep(0)` is short and lets the others run. "
        "The mock can keep the requested seconds in a list.",
        "Keep the real sleep, `real = asyncio.sleep`, and write a fixture whose mock does "
        "`pauses.append(…)` and `await real(0)`; it installs the mock with "
        '`monkeypatch.setattr(webhook.asyncio, "sleep", …)` and gives the list to the tests. The '
        "first test then compares `pauses` with the seconds it added up before.",
    ),
    learned="You can make the pauses in a test short without removing them.",
    seconds=3.0,  # waited for in full while a test sleeps or spins
)
