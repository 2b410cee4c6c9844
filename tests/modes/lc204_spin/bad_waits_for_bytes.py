"""The poll gets its condition as a lambda, and what should come is on its way over a socket."""

# name: within_a_second

import asyncio
import time

import pytest
import pytest_asyncio


class Ticker:
    def __init__(self, reader, writer):
        self.prices, self.writer = [], writer
        self.task = asyncio.create_task(self.read(reader))

    async def read(self, reader):
        while line := await reader.readline():
            self.prices.append(int(line))


async def within_a_second(holds, limit=0.2):
    end = time.monotonic() + limit
    while not holds():  # LC204
        if time.monotonic() > end:
            raise AssertionError("nothing came in time")


@pytest_asyncio.fixture
async def ticker():
    async def quote(reader, writer):
        while await reader.readline():
            writer.write(b"42\n")
        writer.close()

    async with await asyncio.start_server(quote, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()[:2]
        reader, writer = await asyncio.open_connection(host, port)
        ticker = Ticker(reader, writer)
        yield ticker
        writer.write_eof()
        await ticker.task
        writer.close()
        await writer.wait_closed()


@pytest.mark.asyncio
async def test_a_price_arrives(ticker):
    ticker.writer.write(b"how much?\n")
    await within_a_second(lambda: ticker.prices)
    assert ticker.prices == [42]
