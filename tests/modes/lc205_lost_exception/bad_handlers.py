"""A handler's task dies, and the test fails over what it did not do. Who started it is a variable.

The bus has let go of the task before the assertion: no line that was still to come could ask.
"""

import asyncio
import functools

import pytest

handlers, running = [], set()


def handles(handler):
    @functools.wraps(handler)
    async def traced(event):
        return await handler(event)

    handlers.append(traced)
    return traced


def publish(event):
    for handler in handlers:
        task = asyncio.create_task(handler(event))
        running.add(task)
        task.add_done_callback(running.discard)


async def drained():
    while running:
        await asyncio.sleep(0)


sent = []


@handles
async def write_to_customer(event):
    sent.append((event["customer"]["email"], event["no"]))  # LC205


# name: write_to_customer
@pytest.mark.asyncio
async def test_a_paid_order():
    publish({"no": 7, "customer": {"mail": "ann@example.org"}})
    await drained()
    assert sent == [("ann@example.org", 7)]
