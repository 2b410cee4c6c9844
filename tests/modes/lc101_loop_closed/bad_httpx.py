"""httpx keeps a connection open for the next request, which comes on another loop."""

# name: web
import os

import httpx
import pytest


@pytest.fixture(scope="module")
def web():  # LC101
    return httpx.AsyncClient()


@pytest.mark.asyncio
async def test_first_page(web):
    assert (await web.get(os.environ["HTTP_URL"])).text == "ok"


@pytest.mark.asyncio
async def test_second_page(web):
    assert (await web.get(os.environ["HTTP_URL"])).text == "ok"
