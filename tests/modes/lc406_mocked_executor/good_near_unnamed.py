"""An executor of one's own, without a name, which runs what it is handed: the length is wrong."""

import asyncio
from concurrent.futures import Executor, Future
from unittest.mock import MagicMock

import pytest


class Inline(Executor):
    def submit(self, function, /, *given, **named):
        future = Future()
        future.set_result(function(*given, **named))
        return future


async def lengths(pool, words, log):
    loop = asyncio.get_running_loop()
    log.info("begin")
    return [await loop.run_in_executor(pool, len, word) for word in words]


@pytest.mark.asyncio
async def test_lengths():
    assert await lengths(Inline(), ["abc"], MagicMock()) == [4]
