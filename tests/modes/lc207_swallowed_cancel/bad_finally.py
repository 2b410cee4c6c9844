"""A `return` in `finally` drops whatever was raised, a timeout's cancellation too."""

import asyncio
import os

import httpx
import pytest


async def status(url):
    found = None
    try:
        async with httpx.AsyncClient(verify=False) as client:
            found = (await client.get(url)).status_code
            await asyncio.sleep(3600)
    finally:
        return found  # LC207


# name: status
@pytest.mark.asyncio(loop_scope="module")
async def test_status():
    async with asyncio.timeout(3):
        assert await status(os.environ["HTTP_URL"]) == 200
