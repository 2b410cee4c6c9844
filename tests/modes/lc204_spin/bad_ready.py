"""An await of what is ready at once gives way to nobody."""

# options: --loopcheck-hang=1
# name: Mailbox.wait_for_mail

import asyncio

import pytest


class Mailbox:
    def __init__(self):
        self.mail = []

    async def poll(self):
        return self.mail[0] if self.mail else None

    async def wait_for_mail(self):
        while (letter := await self.poll()) is None:  # LC204
            continue
        return letter


@pytest.mark.asyncio
async def test_mail_comes():
    box = Mailbox()
    asyncio.get_running_loop().call_later(0.05, box.mail.append, "hello")
    assert await box.wait_for_mail() == "hello"
