"""A distributed lock at module level: the client below it is made in the same line."""

# name: press.valkey | press.client | press
import os

import pytest
import valkey.asyncio as valkey

press = valkey.from_url(os.environ["VALKEY_URL"]).lock("press", timeout=5)  # LC102


async def print_page(number):
    async with press:
        return f"page {number}"


@pytest.mark.asyncio(loop_scope="module")
async def test_first_page():
    assert await print_page(1) == "page 1"


@pytest.mark.asyncio
async def test_second_page():
    assert await print_page(2) == "page 2"
