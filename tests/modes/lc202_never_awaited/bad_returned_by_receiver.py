"""What an application receives from is a method that forgets to await its queue."""

# name: Queue.get
import asyncio

import pytest


class Connection:
    def __init__(self):
        self.sent = asyncio.Queue()

    async def receive(self):
        return self.sent.get()  # LC202


async def application(receive):
    message = await receive()
    return message["type"]


@pytest.mark.asyncio
async def test_it_gets_the_message():
    connection = Connection()
    await connection.sent.put({"type": "websocket.connect"})
    assert await application(connection.receive) == "websocket.connect"
