"""Wrong asserts where something is put back as they fail, and a worker that has no part in it."""

import asyncio
import unittest
from contextlib import contextmanager
from functools import wraps
from unittest.mock import patch

import pytest
import pytest_asyncio

SETTINGS = {"mode": "prod"}


class Store:
    def __init__(self):
        self.rows, self.open = [1], False

    async def __aenter__(self):
        self.open = True
        return self

    async def __aexit__(self, *error):
        self.open = False


@contextmanager
def override(mode):
    before, SETTINGS["mode"] = SETTINGS["mode"], mode
    try:
        yield
    finally:
        SETTINGS["mode"] = before


def overridden(test):
    @wraps(test)
    async def with_another_mode():
        SETTINGS["mode"] = "test"
        try:
            await test()
        finally:
            SETTINGS["mode"] = "prod"

    return with_another_mode


async def wait_for_ever():
    await asyncio.Event().wait()


@pytest_asyncio.fixture(autouse=True)
async def worker():
    task = asyncio.create_task(wait_for_ever())
    yield
    task.cancel()


def in_production():
    assert SETTINGS["mode"] == "prod"


def test_patched():
    with patch.dict(SETTINGS, {"mode": "test"}):
        assert SETTINGS["mode"] == "prod"


@pytest.mark.asyncio
async def test_an_object_is_patched():
    store = Store()
    with patch.object(store, "rows", [5]):
        assert store.rows == [1]


@pytest.mark.asyncio
@patch.dict(SETTINGS, {"mode": "test"})
async def test_patched_by_a_decorator():
    assert SETTINGS["mode"] == "prod"


@pytest.mark.asyncio
@overridden
async def test_a_decorator_of_the_users():
    assert SETTINGS["mode"] == "prod"


@pytest.mark.asyncio
async def test_a_manager_of_the_users():
    with override("test"):
        in_production()


@pytest.mark.asyncio
async def test_opened():
    store = Store()
    async with store:
        assert store.open is False


async def run_until_told(seen):
    try:
        await wait_for_ever()
    finally:
        seen.append("told")


async def main():
    seen = []
    task = asyncio.create_task(run_until_told(seen))
    await asyncio.sleep(0)
    assert seen == ["told"], task


def test_a_run_of_its_own_ends_its_tasks():
    asyncio.run(main())


class TestPutBack(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.enterContext(patch.dict(SETTINGS, {"mode": "test"}))

    async def test_mode(self):
        self.worker = asyncio.create_task(wait_for_ever())
        await asyncio.sleep(0)
        assert SETTINGS["mode"] == "prod"
