"""What is refused on purpose, and other failures around locks."""

import asyncio
import os
import threading

import pytest
import pytest_asyncio
import valkey.asyncio as valkey
from valkey.exceptions import LockError, LockNotOwnedError


@pytest_asyncio.fixture
async def client():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as client:
        await client.flushdb()
        yield client


@pytest.mark.asyncio
async def test_it_runs_out(client):
    lock = client.lock("short", timeout=0.02)
    await lock.acquire()
    await asyncio.sleep(0.05)
    with pytest.raises(LockNotOwnedError):
        await lock.release()


@pytest.mark.asyncio
async def test_it_is_taken(client):  # fails: it is not to be had in time, and that is all
    await client.set("taken", "somebody's token")
    async with client.lock("taken", timeout=5, blocking_timeout=0.02):
        pass


@pytest.mark.asyncio
async def test_work_fails_inside(client):  # fails
    async with client.lock("work", timeout=5):
        {"apples": 3}["pears"]


@pytest.mark.asyncio
async def test_it_was_dealt_with(client):  # fails
    try:
        await client.lock("none").release()
    except LockError as error:
        assert str(error) == "released"


class Turnstile:
    def release(self):
        raise RuntimeError("Lock is not acquired.")


def test_own_lock():  # fails: the shop's own class says so
    Turnstile().release()


def test_another_runtime_error():  # fails
    lock = threading.RLock()
    with lock:
        raise RuntimeError("cannot release the brake")


@pytest.mark.asyncio
async def test_semaphore():  # fails: counted, not owned
    asyncio.BoundedSemaphore(1).release()
