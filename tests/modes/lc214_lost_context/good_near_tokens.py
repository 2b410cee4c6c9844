"""Tokens that are reset where they were set, twice, or with another variable's method."""

import asyncio
from contextvars import ContextVar

import pytest

first, second = ContextVar("first", default=0), ContextVar("second", default=0)


class Scope:
    async def open(self):
        self.token = first.set(1)

    async def close(self):
        first.reset(self.token)


@pytest.mark.asyncio
async def test_in_one_task():
    async def whole():
        scope = Scope()
        await scope.open()
        await scope.close()

    await asyncio.create_task(whole())


@pytest.mark.asyncio
async def test_twice():
    scope = Scope()
    await scope.open()
    await scope.close()
    await scope.close()


@pytest.mark.asyncio
async def test_of_another_variable():
    scope = Scope()
    await asyncio.create_task(scope.open())
    second.reset(scope.token)


@pytest.mark.asyncio
async def test_one_of_two():
    scope, other = Scope(), Scope()
    await asyncio.gather(scope.open(), other.open())
    await other.close()
