"""A router enters the defaults of its handlers. The first call to end closes the meter of both."""

import asyncio
import contextlib
import inspect

import pytest


class Meter:
    async def __aenter__(self):
        self._counts = []
        return self

    async def __aexit__(self, *error):
        self._counts = None  # LC308

    def count(self, what):
        self._counts.append(what)


async def serve(handler, *given):
    async with contextlib.AsyncExitStack() as stack:
        injected = {
            name: await stack.enter_async_context(one.default)
            for name, one in inspect.signature(handler).parameters.items()
            if one.default is not inspect.Parameter.empty
        }
        return await handler(*given, **injected)


async def upload(seconds, meter: Meter = Meter()):
    meter.count("begun")
    await asyncio.sleep(seconds)
    meter.count("done")


# name: meter
@pytest.mark.asyncio
async def test_two_uploads():
    await asyncio.gather(serve(upload, 0.01), serve(upload, 0.03))
