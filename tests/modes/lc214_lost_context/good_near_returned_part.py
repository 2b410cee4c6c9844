"""A task keeps the user to itself, and the test fails about something else in the result."""

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass

import pytest

user = ContextVar("user", default="nobody")
total = ContextVar("total", default=0)


@dataclass
class Page:
    title: str
    greeting: str


async def log_in(name):
    user.set(name)


async def page():
    return Page(title="news", greeting=f"Hello {user.get()}")


async def numbers():
    return {"visits": 3, "user": user.get()}


async def add(amount):
    total.set(total.get() + amount)
    return total.get()


@pytest.mark.asyncio
async def test_a_title():
    await asyncio.gather(log_in("ada"))
    found = await page()
    assert found.title == "News"


@pytest.mark.asyncio
async def test_a_number():
    await asyncio.gather(log_in("ada"))
    assert await numbers() == {"visits": 4, "user": "nobody"}


@pytest.mark.asyncio
async def test_a_number_by_its_key():
    await asyncio.gather(log_in("ada"))
    assert (await numbers())["visits"] == 4


@pytest.mark.asyncio
async def test_each_task_has_its_own_total():
    await asyncio.gather(add(1), add(2))
    assert await asyncio.gather(add(1), add(2)) == [1, 3]


@pytest.mark.asyncio
async def test_the_other_task_sees_its_own():
    await asyncio.gather(add(1))
    assert await asyncio.create_task(add(2)) == 3


@pytest.mark.asyncio
async def test_the_default_is_expected():
    await asyncio.gather(log_in("ada"))
    assert await numbers() == {"visits": 3, "user": "nobody", "more": 1}
    assert await page() == "Hello nobody!"
