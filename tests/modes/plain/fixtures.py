"""Fixtures that fail in set-up or teardown."""

import asyncio

import pytest
import pytest_asyncio


@pytest.fixture
def broken():
    raise LookupError("no oven")


@pytest_asyncio.fixture
async def async_broken():
    await asyncio.sleep(0)
    raise LookupError("no oven")


@pytest.fixture
def broken_teardown():
    yield
    assert 1 == 2


@pytest_asyncio.fixture
async def async_broken_teardown():
    yield "bread"
    await asyncio.sleep(0)
    {}["butter"]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def wide_broken():
    raise OSError("no flour")


@pytest.fixture
def twice():
    yield 1
    yield 2


def test_set_up(broken):
    pass


@pytest.mark.asyncio
async def test_async_set_up(async_broken):
    pass


@pytest.mark.asyncio
async def test_both_fail(broken_teardown):
    assert await asyncio.sleep(0, 3) == 4


@pytest.mark.asyncio
async def test_teardown(broken_teardown):
    pass


@pytest.mark.asyncio
async def test_async_teardown(async_broken_teardown):
    assert async_broken_teardown == "bread"


@pytest.mark.asyncio(loop_scope="module")
async def test_wide(wide_broken):
    pass


@pytest.mark.asyncio(loop_scope="module")
async def test_wide_again(wide_broken):
    pass


def test_yields_twice(twice):
    pass
