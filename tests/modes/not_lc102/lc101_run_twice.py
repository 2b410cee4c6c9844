"""LC101: a loop that the user closed is asked to run again; there is no second loop."""

import asyncio


async def answer():
    return 42


def test_closed_loop_runs_again():
    loop = asyncio.new_event_loop()
    assert loop.run_until_complete(answer()) == 42
    loop.close()
    coro = answer()
    try:
        loop.run_until_complete(coro)
    finally:
        coro.close()
