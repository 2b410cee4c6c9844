"""A server of the session: its handlers, and the jobs that they start, outlive a test."""

import asyncio
import contextlib

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="session")


class Kitchen:
    def __init__(self):
        self.orders, self.cooking, self.cooked = asyncio.Queue(), set(), []

    async def handle(self, reader, writer):
        with contextlib.suppress(ConnectionError):
            while line := await reader.readline():
                job = asyncio.create_task(self.cook(line.strip().decode()))
                self.cooking.add(job)
                job.add_done_callback(self.cooking.discard)
                writer.write(b"ok\n")
        writer.close()

    async def cook(self, dish):
        await asyncio.sleep(0.03)
        self.cooked.append(dish)

    async def close(self):
        for job in list(self.cooking):
            job.cancel()
        await asyncio.gather(*self.cooking, return_exceptions=True)


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def address():
    kitchen = Kitchen()
    server = await asyncio.start_server(kitchen.handle, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()
    server.close()
    await kitchen.close()


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def waiter(address):
    reader, writer = await asyncio.open_connection(*address)
    yield reader, writer, asyncio.Lock()  # one reads at a time (LC606)
    writer.close()
    await writer.wait_closed()
    await asyncio.sleep(0.01)


async def ask(waiter, dish):
    reader, writer, lock = waiter
    async with lock:
        writer.write(dish.encode() + b"\n")
        return await reader.readline()


async def test_soup(waiter):
    assert await ask(waiter, "soup") == b"ok\n"


async def test_group(waiter):
    async with asyncio.TaskGroup() as group:
        group.create_task(ask(waiter, "bread"))


async def test_shield(waiter):
    asyncio.create_task(ask(waiter, "rice"))  # ends in the next test
    await asyncio.sleep(0)


async def test_salt(waiter):
    assert await ask(waiter, "salt") == b"sorry\n"
