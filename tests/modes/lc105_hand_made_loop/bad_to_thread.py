"""An async test does the right thing, the old code in its thread does not."""

# name: asyncio.get_event_loop
import asyncio

import pytest


class Mail:
    async def send(self):
        return "sent"

    def send_now(self):
        loop = asyncio.get_event_loop()  # LC105
        return loop.run_until_complete(self.send())


@pytest.mark.asyncio(loop_scope="module")
async def test_mail_is_sent():
    assert await asyncio.to_thread(Mail().send_now) == "sent"
