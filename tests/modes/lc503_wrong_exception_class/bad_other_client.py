"""The errors are redis-py's, the client is valkey-py's."""

# name: ResponseError
import os

import pytest
from redis.exceptions import ResponseError
from valkey.asyncio import Valkey


@pytest.mark.asyncio
async def test_text_cannot_be_counted():
    async with Valkey.from_url(os.environ["VALKEY_URL"]) as client:
        await client.set("visits", "many")
        with pytest.raises(ResponseError, match="not an integer"):  # LC503
            await client.incr("visits")
