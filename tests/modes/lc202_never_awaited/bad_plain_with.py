"""A plain `with` enters what is async: a class of the project, a decorated generator, a lock."""

# name: Session('a') | session('a') | lock
# findings: 3
import asyncio
import contextlib

import pytest

pytestmark = pytest.mark.asyncio


class Session:
    def __init__(self, name):
        self.name = name

    async def __aenter__(self):
        await asyncio.sleep(0)
        return self.name

    async def __aexit__(self, *error):
        await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def session(name):
    await asyncio.sleep(0)
    yield name


async def test_of_a_class():
    with Session("a") as name:  # LC202
        assert name == "a"


async def test_of_a_generator():
    with session("a") as name:  # LC202
        assert name == "a"


async def test_of_asyncio():
    lock = asyncio.Lock()
    with lock:  # LC202
        assert lock.locked()
