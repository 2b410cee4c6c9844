"""An `async def` hands back a coroutine, and each `await` of it throws that away."""

import pytest

pytestmark = pytest.mark.asyncio
outbox = []


async def send(to):
    outbox.append(to)


async def later(to):
    return send(to)  # LC202


# name: send
async def test_send():
    await later("ann")
    assert outbox == ["ann"]


async def test_silent():
    await later("bob")


@pytest.mark.skip
async def test_that_does_not_run():
    send("eve")
