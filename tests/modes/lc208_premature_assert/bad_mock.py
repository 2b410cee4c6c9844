"""A mock asserts its call before the task that makes it has run."""

# findings: 3
# name: send
import asyncio
from unittest.mock import ANY, AsyncMock, MagicMock

import pytest


class Orders:
    def __init__(self, mailer):
        self.mailer = mailer

    async def place(self, name):
        asyncio.create_task(self.mailer.send(name, copies=1))

    def call_later(self, desk):
        asyncio.get_running_loop().call_soon(desk.ring, "front", 2)

    async def pack(self, name):
        await asyncio.sleep(0)
        await self.mailer.send(name)


@pytest.mark.asyncio
async def test_a_mail_is_sent():
    send = AsyncMock()
    await Orders(MagicMock(send=send)).place("tea")
    send.assert_awaited_once_with("tea", copies=1)  # LC208


@pytest.mark.asyncio
async def test_the_desk_is_rung():
    desk = MagicMock()
    Orders(None).call_later(desk)
    desk.ring.assert_any_call("front", ANY)  # LC208


@pytest.mark.asyncio
async def test_a_parcel_is_packed():
    send = AsyncMock()
    packing = asyncio.ensure_future(Orders(MagicMock(send=send)).pack("tea"))
    send.assert_called_with("tea")  # LC208
    await packing
