"""The protocol leaves out a future that is done. The reply has the wrong text."""

import asyncio
import socket

import pytest


class Client(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.replies = transport, []

    def ask(self):
        self.replies.append(asyncio.get_running_loop().create_future())
        return self.replies[-1]

    def data_received(self, data):
        for _ in data:
            reply = self.replies.pop(0)
            if not reply.done():
                reply.set_result(data)

    def connection_lost(self, error):
        self.closed = True


@pytest.mark.asyncio
async def test_the_second_reply():
    ours, theirs = socket.socketpair()
    _, client = await asyncio.get_running_loop().create_connection(Client, sock=ours)
    first, second = client.ask(), client.ask()
    first.cancel()
    theirs.send(b"12")
    reply = await second
    client.transport.close()
    theirs.close()
    assert reply == b"2"
