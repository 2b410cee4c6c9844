"""Coroutines of mocks that other mocks get: from functions that are async, and for a task."""

# other: LC402
import asyncio
from unittest.mock import AsyncMock, MagicMock

import pytest

pytestmark = [pytest.mark.asyncio, pytest.mark.filterwarnings("ignore::RuntimeWarning")]


class Span:
    async def context(self): ...

    def name(self): ...


async def add(parent, make):
    span = await make()
    parent.add(span.context())


async def test_the_method_of_the_class_is_async():
    await add(MagicMock(), AsyncMock(return_value=AsyncMock(spec=Span)))


async def test_the_test_wrote_that_it_is_async():
    span = MagicMock()
    span.context = AsyncMock()
    await add(MagicMock(), AsyncMock(return_value=span))


async def test_it_is_for_a_task():
    loop, client = MagicMock(), AsyncMock()
    answer = await client.get()
    loop.create_task(answer.read())


async def test_it_is_awaited_later():
    jobs, client = MagicMock(), AsyncMock()
    answer = await client.get()
    jobs.append(answer.read())
    await asyncio.gather(*(one.args[0] for one in jobs.append.call_args_list))
