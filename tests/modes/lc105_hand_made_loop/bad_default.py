"""A constructor that is given no loop makes one, and what it starts there never runs."""

# name: Outbox._post
import asyncio

import pytest


class Outbox:
    def __init__(self, loop=None):
        self.loop, self.sent = loop or asyncio.new_event_loop(), []  # LC105

    def post(self, words):
        return self.loop.create_task(self._post(words))

    async def _post(self, words):
        await asyncio.sleep(0.001)
        self.sent.append(words)


@pytest.mark.asyncio
async def test_it_is_sent():
    outbox = Outbox()
    outbox.post("tea")
    await asyncio.sleep(0.02)
    assert outbox.sent == ["tea"]
