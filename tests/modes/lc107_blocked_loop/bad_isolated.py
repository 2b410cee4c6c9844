"""unittest's own loop, and a helper that is not async."""

import socket
from unittest import IsolatedAsyncioTestCase


def first_byte(connection):
    connection.settimeout(0.3)
    try:
        return connection.recv(1)  # LC107
    except TimeoutError:
        return b""


# name: connection.recv
class TestFeed(IsolatedAsyncioTestCase):
    async def test_nothing_comes(self):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            assert first_byte(ours) == b""
