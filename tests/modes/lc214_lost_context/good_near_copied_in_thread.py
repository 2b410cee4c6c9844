"""Copies that the caller makes, and a copy in a thread whose test asks for something else."""

# other: LC214
import asyncio
import contextvars

import pytest

pytestmark = pytest.mark.asyncio
request = contextvars.ContextVar("request", default=None)
seen = []


def write(text):
    seen.append((request.get(), text))


async def in_a_copy(text):
    context = contextvars.copy_context()
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, lambda: context.run(write, text))


async def too_late(text):
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, lambda: contextvars.copy_context().run(write, text))


async def test_the_copy_of_the_caller_has_it():
    request.set("r-17")
    await in_a_copy("saved")
    assert seen.pop() == ("r-17", "stored")


async def test_another_part_differs():
    request.set("r-17")
    await too_late("saved")
    assert seen.pop()[1] == "stored"


async def test_nothing_is_set():
    await too_late("saved")
    assert seen.pop() == ("r-17", "saved")
