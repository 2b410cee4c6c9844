"""Decorated fixtures that fail by themselves, with no word, and one that nobody uses."""

import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def shut():
    assert not True


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def wide():
    raise AssertionError
    yield


@pytest.fixture
async def unused():
    yield


@pytest.mark.asyncio
async def test_shut(shut):
    pass


@pytest.mark.asyncio(loop_scope="module")
async def test_wide(wide):
    pass


@pytest.mark.asyncio(loop_scope="module")
async def test_wide_again(wide):
    pass
