"""Nobody is there, and that is meant: what the test expects of it is wrong."""

import asyncio

import pytest
import valkey.asyncio as valkey


class Unavailable(Exception):
    pass


@pytest.mark.asyncio
async def test_an_outage_is_told():
    store = valkey.from_url("valkey://127.0.0.1:9/0")
    answers = await asyncio.gather(store.get("a"), store.get("b"), return_exceptions=True)
    await store.aclose()
    assert all(isinstance(answer, Unavailable) for answer in answers)
