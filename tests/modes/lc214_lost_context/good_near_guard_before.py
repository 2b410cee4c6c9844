"""The value is read, and only then a task sets it. What is raised is about the first one."""

import asyncio
from contextvars import ContextVar

import pytest

step = ContextVar("step", default="start")
NEXT = {"one": "two"}


async def go():
    await asyncio.sleep(0)
    step.set("one")


@pytest.mark.asyncio
async def test_read_before():
    found = step.get()
    await asyncio.gather(go())
    if found == "start":
        raise ValueError("not yet")


@pytest.mark.asyncio
async def test_a_key_of_its_own():
    await asyncio.gather(go())
    assert NEXT["three"] == step.get()


@pytest.mark.asyncio
async def test_the_code_expects_the_default():
    await asyncio.gather(go())
    if step.get() != "start":
        raise ValueError("leaked")
    raise ValueError("no more steps")
