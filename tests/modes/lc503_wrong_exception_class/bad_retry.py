"""A decorator retries on the classes that it is handed; who hands them over names another one."""

# name: on
import functools

import pytest
from valkey.exceptions import ConnectionError as StoreConnectionError


def retry(times, on):
    def decorate(function):
        @functools.wraps(function)
        async def wrapper(*args, **kwargs):
            for attempt in range(times):
                try:
                    return await function(*args, **kwargs)
                except on:
                    if attempt == times - 1:
                        raise

        return wrapper

    return decorate


class Baskets:
    def __init__(self, failures):
        self.failures = failures

    @retry(times=3, on=(ConnectionError, TimeoutError))  # LC503
    async def items(self, user):
        if self.failures:
            raise self.failures.pop()
        return [user]

    @retry(3, StoreConnectionError)
    async def names(self):
        return []


@pytest.mark.asyncio
async def test_a_lost_connection_is_tried_again():
    baskets = Baskets([StoreConnectionError("gone")])
    assert await baskets.items("ada") == ["ada"]
