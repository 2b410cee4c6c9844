"""An object keeps both ends of a stream, and has no method that closes them."""
# name: self.send, self.receive
# passes

import gc

import pytest
from anyio import create_memory_object_stream

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


class Bus:
    def __init__(self):
        self.send, self.receive = create_memory_object_stream(3)  # LC307
        self.bus = self


async def test_an_object():
    await Bus().send.send("ink")
    gc.collect()
