"""LC215 shared-cancel: the solution of the exercise, why it works, and one other good way.

What was wrong: `visit` awaits the heating itself. When a time limit or `cancel()` ends a guest, the
cancellation goes down to what that guest awaits. So it ended the heating, for the guest on the same
bench and for those who came later.

What changed: `asyncio.shield` makes a future for each guest, which follows the heating. The
cancellation ends that future, and the heating continues. The other direction still works: if the
owner puts the stove out, all guests get CancelledError.

Another good way: `asyncio.wait` never cancels the tasks that it waits for.

    await asyncio.wait([heating])
    return f"{guest} has {heating.result()}"

Choose it if you wait for several tasks, or if the wait has a limit of its own, `timeout=…`.
"""

import asyncio

import pytest
from sauna import Sauna

pytestmark = pytest.mark.asyncio


async def visit(sauna, guest):
    """Wait for the heat, as each guest does."""
    with sauna.bench() as heating:
        return f"{guest} has {await asyncio.shield(heating)}"


async def test_a_guest_loses_patience():
    sauna = Sauna()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(visit(sauna, "ann"), 0.1)
    sauna.hot.set()
    assert await visit(sauna, "ben") == "ben has 90 degrees"
    assert sauna.lit == 1


async def test_a_guest_is_called_away():
    sauna = Sauna()
    ann = asyncio.create_task(visit(sauna, "ann"))
    ben = asyncio.create_task(visit(sauna, "ben"))
    await sauna.begun()  # both wait
    ann.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ann
    sauna.hot.set()
    assert await ben == "ben has 90 degrees"
    assert sauna.lit == 1


async def test_the_stove_is_put_out():
    sauna = Sauna()
    ann = asyncio.create_task(visit(sauna, "ann"))
    await sauna.begun()
    await sauna.put_out()
    with pytest.raises(asyncio.CancelledError):
        await ann
