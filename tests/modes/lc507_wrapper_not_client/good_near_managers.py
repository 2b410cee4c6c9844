"""Managers that give nothing, give another kind of thing, or give themselves: slips of typing."""

from contextlib import asynccontextmanager
from unittest.mock import MagicMock

import aiosqlite
import pytest


@asynccontextmanager
async def timed():
    yield


@asynccontextmanager
async def settings():
    yield {"colour": "red"}


@pytest.mark.asyncio
async def test_it_gives_nothing():
    assert timed().elapsed == 0


@pytest.mark.asyncio
async def test_a_dict_has_no_such_attribute():
    assert settings().colour == "red"


@pytest.mark.asyncio
async def test_it_gives_itself():
    assert aiosqlite.connect(":memory:").exekute


@pytest.mark.asyncio
async def test_a_mock_of_a_manager():
    assert MagicMock(spec=timed()).elapsed == 0
