"""The error is asked for its class: it is the client's, not Python's."""

# name: ConnectionError
import asyncio

import pytest
import valkey.asyncio as valkey


@pytest.mark.asyncio
async def test_both_reads_fail():
    client = valkey.Valkey(port=1)
    reads = [client.get("a"), client.get("b")]
    errors = await asyncio.gather(*reads, return_exceptions=True)
    await client.aclose()
    assert isinstance(errors[0], ConnectionError)  # LC503
