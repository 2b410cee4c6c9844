"""The task that sends is refused by a check of the test's, and an assertion then fails."""

import asyncio
import socket

import pytest


class Line:
    def __init__(self, peer):
        self.peer, self.sent = peer, 0

    async def send(self, data):
        await asyncio.sleep(0)
        self.peer.sendall(data)  # LC107
        self.sent += len(data)


def no_blocking(self, *args):
    raise RuntimeError("blocking call to socket.sendall")


# name: self.peer.sendall
@pytest.mark.asyncio
async def test_send(monkeypatch):
    monkeypatch.setattr(socket.socket, "sendall", no_blocking, raising=False)
    near, far = socket.socketpair()
    with near, far:
        line = Line(near)
        sending = asyncio.create_task(line.send(b"hello"))
        await asyncio.sleep(0.01)
        assert line.sent == 5
        await sending
