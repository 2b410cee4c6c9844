"""LC107 blocked-loop: the solution of the exercise, why it works, and one other good way.

What was missing: both tests check what the gate answers. It answers the same when it blocks the
loop, so they stay green. A limit around it stays green too: it cannot fire while the loop is
blocked, and by the time it could, the gate is done.

What changed: the third test runs next to the gate, and counts its own turns until the gate is done.
On a free loop there are many turns. On a blocked loop there is none, or one if the gate yields
first. How long the gate takes does not matter, nor how it keeps the loop free.

Another good way: look at the order. Let another task sleep for 10 ms and note its name, let the
gate note its own, `await asyncio.gather(…)` both, and assert which came first. In a whole test
suite: `pytest --loopcheck` reports it for every test, and `--loopcheck-fail=LC107` makes them red.
"""

import asyncio

import pytest
from gate import open_for

pytestmark = pytest.mark.asyncio


async def test_the_gate_opens_for_a_known_car():
    assert await open_for("B-42")


async def test_the_gate_stays_closed_for_others():
    assert not await open_for("X-1")


async def test_others_go_on_while_the_gate_asks():
    gate = asyncio.create_task(open_for("B-42"))
    rounds = 0
    while not gate.done():
        await asyncio.sleep(0.01)
        rounds += 1
    assert rounds > 2
