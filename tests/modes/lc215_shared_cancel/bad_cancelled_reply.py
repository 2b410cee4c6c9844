"""The test cancels a reply itself. Who waits for it should fail as if the line were down."""

import asyncio

import pytest


class LineDown(Exception):
    pass


class Phone:
    def __init__(self):
        self.replies = {}

    async def call(self, number):
        self.replies[number] = reply = asyncio.get_running_loop().create_future()
        try:
            return await reply  # LC215
        except OSError as error:
            raise LineDown from error
        finally:
            self.replies.pop(number)


# name: reply
@pytest.mark.asyncio
async def test_the_line_goes_down():
    phone = Phone()
    calling = asyncio.create_task(phone.call(7))
    await asyncio.sleep(0)
    phone.replies[7].cancel()
    with pytest.raises(LineDown):
        await calling
