"""The decorator names the client's class, or none that is alike: what fails, fails for itself."""

import pytest
from again import if_type, retry
from valkey.exceptions import ConnectionError as StoreConnectionError
from valkey.exceptions import ResponseError


def failing(error):
    raise error


@retry(when=if_type(StoreConnectionError))
async def items():
    failing(StoreConnectionError("gone"))


@retry(when=if_type(ConnectionError))
async def names():
    failing(ResponseError("WRONGTYPE"))


@pytest.mark.asyncio
async def test_it_is_tried_three_times():
    with pytest.raises(StoreConnectionError):
        await items()


@pytest.mark.asyncio
async def test_another_kind_of_error():
    await names()
