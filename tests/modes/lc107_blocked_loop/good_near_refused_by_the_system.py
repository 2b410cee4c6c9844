"""A test lets `send` fail as the system does: that says nothing about the loop."""

import socket

import pytest


def full(self, data):
    raise BlockingIOError("the buffer is full")


async def send(peer, data):
    return peer.send(data)


@pytest.mark.asyncio
async def test_send(monkeypatch):
    monkeypatch.setattr(socket.socket, "send", full, raising=False)
    near, far = socket.socketpair()
    with near, far:
        assert await send(near, b"hello") == 5
