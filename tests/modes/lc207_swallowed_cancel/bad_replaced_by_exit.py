"""A decorator translates errors, and its handler names no type."""

# name: Api.load
import asyncio
import functools

import pytest


class ApiError(RuntimeError):
    pass


def translated(method):
    @functools.wraps(method)
    async def call(self, *args):
        try:
            return await method(self, *args)
        except:  # noqa: E722  # LC207
            raise ApiError(method.__name__)

    return call


class Api:
    @translated
    async def load(self, gate):
        await gate.wait()


@pytest.mark.asyncio
async def test_a_load_can_be_cancelled():
    loading = asyncio.ensure_future(Api().load(asyncio.Event()))
    await asyncio.sleep(0)
    loading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loading
