"""A thread reads the variable, but that is not why the test fails."""

import asyncio
from contextvars import ContextVar, copy_context

import pytest

level = ContextVar("level", default="info")
unit = ContextVar("unit", default="m")


def describe(text):
    return f"{level.get()}: {text}"


async def describe_copied(text):
    loop, context = asyncio.get_running_loop(), copy_context()
    return await loop.run_in_executor(None, context.run, describe, text)


def measure(length):
    unit.set("cm")
    return f"{length} {unit.get()}"


async def measured(length):
    if length < 1:
        return "none"
    return await asyncio.get_running_loop().run_in_executor(None, measure, length)


@pytest.mark.asyncio
async def test_the_context_is_copied():
    level.set("debug")
    assert await describe_copied("boot") == "info: boot"


@pytest.mark.asyncio
async def test_the_thread_sets_its_own():
    unit.set("km")
    assert await measured(3) == "3 m"


@pytest.mark.asyncio
async def test_nothing_sets_it():
    text = await asyncio.get_running_loop().run_in_executor(None, describe, "boot")
    assert text == "debug: boot"
