"""`gather` raises, and the mail is sent all the same."""
# name: Desk.confirm

import asyncio
from unittest import IsolatedAsyncioTestCase
from unittest.mock import AsyncMock


class Desk:
    def __init__(self, mail):
        self.mail = mail

    async def confirm(self, name):
        await asyncio.sleep(0.01)
        await self.mail.send(name)

    async def charge(self, name):
        await asyncio.sleep(0)
        raise PermissionError(name)

    async def rent(self, name):
        await asyncio.gather(self.confirm(name), self.charge(name))  # LC201


class TestDesk(IsolatedAsyncioTestCase):
    async def test_no_mail(self):
        mail = AsyncMock()
        desk = Desk(mail)
        with self.assertRaises(PermissionError):
            await desk.rent("ann")
        await asyncio.sleep(0.05)
        mail.send.assert_not_awaited()
