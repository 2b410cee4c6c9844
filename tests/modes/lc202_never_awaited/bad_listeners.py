"""A plain function passes a listener on to the loop, which calls it and drops the coroutine."""
# name: greet

import asyncio

import pytest

greeted = []


async def greet():
    greeted.append("hello")


def soon(work):
    asyncio.get_running_loop().call_soon(work)  # LC202


def on_start(listener):
    soon(listener)


@pytest.mark.asyncio
async def test_a_greeting():
    on_start(greet)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert greeted == ["hello"]
