import asyncio

import pytest


class Mailbox:
    def __init__(self):
        self.letters = asyncio.Queue()

    async def read(self):
        return await self.letters.get()  # LC203


# name: mailbox.letters
@pytest.mark.asyncio
async def test_a_letter_is_read():
    mailbox = Mailbox()
    assert await mailbox.read() == "hello"
