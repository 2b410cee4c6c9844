"""A queue rightly connects to the port it is given; a fixture gives it that of a web server."""

# name: queue.redis
import asyncio

import pytest
import pytest_asyncio
from redis.asyncio import Redis


class Queue:
    def __init__(self, host="127.0.0.1", port=6379):
        self.redis = Redis(host=host, port=port, socket_timeout=1)


async def refuse(reader, writer):
    writer.write(b"HTTP/1.0 400 Bad Request\r\n\r\n")
    writer.close()


@pytest_asyncio.fixture
async def port():
    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


@pytest_asyncio.fixture
async def queue(port):
    queue = Queue(port=port)  # LC605
    yield queue
    await queue.redis.aclose()


@pytest.mark.asyncio
async def test_a_job_is_put(queue):
    assert await queue.redis.lpush("jobs", "a") == 1
