"""A cancelled scope leaves a thread of anyio behind, which waits for an event that never comes."""

# options: --loopcheck-hang=1
# name: wait_for_reply

import threading

import anyio
import pytest

reply = threading.Event()


def wait_for_reply(event=reply):
    event.wait()


@pytest.mark.asyncio
async def test_no_reply_in_time():
    with anyio.move_on_after(0.05) as scope:
        await anyio.to_thread.run_sync(wait_for_reply, abandon_on_cancel=True)  # LC209
    assert scope.cancelled_caught
