"""LC208 premature-assert: the solution of the exercise, why it works, and one other good way.

What was wrong: `sleep(0)` lets the loop turn once. The cook needs more turns than that, so two
tests asserted too early and were red. The third was green, for the same reason: it asserts that
nothing burns, and did so before anything was in the pan. It would have been green in any kitchen.

What changed: each test waits until no task is left. One check is not enough, since a served dish
starts a bill: hence `while`. The limit does nothing on a good day. If work never ends, it
ends the test, and the traceback says which line waited.

Another good way: let the kitchen provide it. An `async def closed(self)` with the same loop belongs
to `Kitchen` itself, where the application needs it too, for an orderly end. Where work goes through
an `asyncio.Queue`, `await queue.join()` is that method.
"""

import asyncio

import pytest
from kitchen import Kitchen

pytestmark = pytest.mark.asyncio


async def done(kitchen):
    async with asyncio.timeout(2):
        while kitchen.at_work:
            await asyncio.wait(kitchen.at_work)


async def test_a_soup_is_served():
    kitchen = Kitchen()
    kitchen.order("soup")
    await done(kitchen)
    assert kitchen.served == ["soup"]


async def test_a_bill_is_written():
    kitchen = Kitchen()
    kitchen.order("fish")
    await done(kitchen)
    assert kitchen.bills == ["fish"]


async def test_nothing_burns():
    kitchen = Kitchen()
    kitchen.order("toast")
    await done(kitchen)
    assert kitchen.burnt == []
