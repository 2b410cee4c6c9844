"""The other name was not asked, or more calls than expected have met the double."""

from asyncio import sleep
from unittest.mock import AsyncMock, patch

import pytest
from reports.pages import make, rest, some

pytestmark = pytest.mark.asyncio


async def settle():
    await sleep(0)


@patch("asyncio.sleep", new_callable=AsyncMock)
async def test_a_helper_wants_the_real_one(waits):
    assert await make(2) == [0, 1]
    await settle()
    assert waits.await_count == 4


@patch("asyncio.sleep", new_callable=AsyncMock)
async def test_it_waits_too_seldom(sleep):
    assert await make(2) == [0, 1]
    assert sleep.await_count == 4


@patch("asyncio.sleep", new_callable=AsyncMock)
async def test_it_waits_too_often(sleep):
    await rest()
    assert await make(2) == [0, 1]
    assert sleep.await_count == 2


@patch("asyncio.sleep", new_callable=AsyncMock)
async def test_no_page_is_made(sleep):
    await some(0)
    assert sleep.await_count == 2
