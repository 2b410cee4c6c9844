"""The peer sends nonsense, and the protocol passes the error on when it is closed."""

import asyncio
import socket

import pytest


class Reader(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.rows = transport, []
        self.ended = asyncio.get_running_loop().create_future()

    def data_received(self, data):
        self.rows += [int(one) for one in data.split()]

    def connection_lost(self, error):
        self.ended.set_result(type(error))


@pytest.mark.asyncio
async def test_nonsense_closes_the_connection():
    ours, theirs = socket.socketpair()
    _, reader = await asyncio.get_running_loop().create_connection(Reader, sock=ours)
    theirs.send(b"1 two")
    ended = await reader.ended
    theirs.close()
    assert (ended, reader.rows) == (ValueError, [])
