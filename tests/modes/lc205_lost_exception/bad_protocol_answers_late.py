"""A reply goes to a future that the test cancelled. The error closes the connection unseen."""

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
            self.replies.pop(0).set_result(data)  # LC205

    def connection_lost(self, error):
        self.closed = True


# name: Client.data_received
@pytest.mark.asyncio
async def test_the_second_reply_arrives():
    ours, theirs = socket.socketpair()
    _, client = await asyncio.get_running_loop().create_connection(Client, sock=ours)
    first, second = client.ask(), client.ask()
    first.cancel()
    theirs.send(b"12")
    done, _ = await asyncio.wait([second], timeout=0.05)
    client.transport.close()
    theirs.close()
    assert done
