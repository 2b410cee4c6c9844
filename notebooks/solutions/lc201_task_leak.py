"""LC201 task-leak: the solution of the exercise, why it works, and one other good way.

What was wrong: `no_task_is_left` cancelled every task it found after each test. That hid a leak,
since no other code ended the listeners. And it ended the radio too, which the next test needs:
hence the TimeoutError. Code that cancels other code's tasks has to guess how long they should live.

What changed: that fixture is gone. `listener` yields, and ends what it started: `cancel()` requests
the end of the task, `await` waits until it has ended. Only the CancelledError is expected; any
other error of its clean-up comes out of the `await`, and fails the test. The radio keeps its own
end: it is started by a fixture of the module, and cancelled by the same fixture when the module is
over.

Another good way: a listener that is an async context manager, with the `cancel()` and the `await`
in its `__aexit__`. Then every user of the class gets the clean-up too: `async with
Listener(radio)`. For a task that only a few lines need, `async with asyncio.TaskGroup()` around
those lines.
"""

import asyncio
import contextlib

import pytest_asyncio
from harbour import Listener, Radio


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def radio():
    radio = Radio()
    task = asyncio.create_task(radio.transmit())
    yield radio
    task.cancel()


@pytest_asyncio.fixture(loop_scope="module")
async def listener(radio):
    listener = Listener(radio)
    listener.start()
    await asyncio.sleep(0)  # it begins to listen
    yield listener
    listener.task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await listener.task
