"""asyncio is handed what the mocks gave, and says nothing of them."""

import asyncio
from unittest.mock import MagicMock

import pytest


@pytest.fixture
def mailer():
    double = MagicMock(name="mailer")  # LC401
    double.send.return_value = {"queued": True}
    return double


async def send_all(mailer, people):
    return await asyncio.gather(*(mailer.send(one) for one in people))


async def send_soon(mailer, person):
    return await asyncio.wait_for(mailer.send(person), timeout=1)


# name: mailer.send
@pytest.mark.asyncio
async def test_send_all(mailer):
    await send_all(mailer, ["ada", "eve"])


@pytest.mark.asyncio
async def test_send_soon(mailer):
    await send_soon(mailer, "ada")


@pytest.mark.asyncio
async def test_send_later(mailer):
    await asyncio.create_task(mailer.send("ada"))
