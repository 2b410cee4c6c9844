"""They are meant so: what is under test is what happens when a loop is held."""

import asyncio
import time

import pytest


@pytest.mark.asyncio
async def test_the_watchdog_barks():
    began = asyncio.get_running_loop().time()
    time.sleep(0.2)  # loopcheck: ignore[LC107]
    assert asyncio.get_running_loop().time() - began >= 0.2


@pytest.mark.loopcheck(ignore=["LC107"])
@pytest.mark.asyncio
async def test_the_other_watchdog():
    time.sleep(0.2)
