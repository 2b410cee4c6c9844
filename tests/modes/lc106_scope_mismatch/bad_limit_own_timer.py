"""The client keeps a timer of its own, which can only end the call: no answer comes of it."""

# name: port
import asyncio

import pytest
import pytest_asyncio


class Session(asyncio.Protocol):
    def __init__(self):
        self.greeted = asyncio.get_running_loop().create_future()
        self.login = asyncio.get_running_loop().call_later(60, self.give_up)

    def give_up(self):
        self.greeted.set_exception(ConnectionError("no login"))

    def data_received(self, data):
        self.greeted.set_result(data)


async def greet(reader, writer):
    writer.write(b"hello")
    writer.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def port():  # LC106
    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.asyncio
async def test_it_greets(port):
    loop = asyncio.get_running_loop()
    _, session = await loop.create_connection(Session, "127.0.0.1", port)
    assert await asyncio.wait_for(session.greeted, 0.3) == b"hello"
