"""A channel keeps both ends of a stream, and closes one of them."""
# name: self.incoming
# passes

import pytest
from anyio import create_memory_object_stream

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


class Channel:
    def __init__(self, size):
        self.outgoing, self.incoming = create_memory_object_stream(size)

    async def talk(self, word):
        await self.outgoing.send(word)
        return await self.incoming.receive()

    async def aclose(self):
        await self.outgoing.aclose()  # LC307


async def test_a_word_comes_back():
    channel = Channel(3)
    assert await channel.talk("tea") == "tea"
    await channel.aclose()
