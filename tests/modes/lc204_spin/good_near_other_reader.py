"""The task that reads from the socket has nothing to do with what the poll waits for."""

import asyncio
import time

import pytest
import pytest_asyncio


class Ticker:
    def __init__(self, reader):
        self.prices, self.closed = [], False
        self.task = asyncio.create_task(self.read(reader))

    async def read(self, reader):
        while line := await reader.readline():
            self.prices.append(int(line))


async def within_a_second(holds, limit=0.2):
    end = time.monotonic() + limit
    while not holds():
        if time.monotonic() > end:
            raise AssertionError("nothing came in time")


@pytest_asyncio.fixture
async def ticker():
    async def quote(reader, writer):
        await reader.read()
        writer.close()

    async with await asyncio.start_server(quote, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()[:2]
        reader, writer = await asyncio.open_connection(host, port)
        ticker = Ticker(reader)
        yield ticker
        writer.close()
        await writer.wait_closed()
        await ticker.task


@pytest.mark.asyncio
async def test_it_is_closed(ticker):
    await within_a_second(lambda: ticker.closed)
