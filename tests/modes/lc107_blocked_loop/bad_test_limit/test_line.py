"""A limit for the whole test ends a call that blocks in a `while`: the call is to blame."""

# name: self.near.recv
import socket

import pytest


class Line:
    def __init__(self):
        self.near, self.far = socket.socketpair()
        self.words = b""

    async def read(self):
        while not self.words.endswith(b"\n"):
            self.words += self.near.recv(100)  # LC107
        return self.words

    def close(self):
        self.near.close()
        self.far.close()


@pytest.fixture
def line():
    line = Line()
    yield line
    line.close()


@pytest.mark.asyncio
async def test_a_word(line):
    line.far.send(b"hello")
    assert await line.read() == b"hello\n"
