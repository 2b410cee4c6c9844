"""The mock says that nobody is connected, and the mail is sent all the same: the test passes."""

# passes
# name: made.is_connected
from unittest.mock import AsyncMock

import pytest


class Mailer:
    def __init__(self, smtp):
        self.smtp = smtp

    async def send(self, to):
        if self.smtp.is_connected():  # used
            await self.smtp.write(to)
            return True
        return False


def smtp(connected):
    made = AsyncMock()  # LC402
    made.is_connected.return_value = connected
    return made


@pytest.mark.asyncio
async def test_sent():
    assert await Mailer(smtp(True)).send("ann")


@pytest.mark.asyncio
async def test_disconnected():
    assert await Mailer(smtp(False)).send("ann")
