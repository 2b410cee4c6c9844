"""Calls with wrong arguments, beside lists that an earlier test changed: they fail alone, too."""

import pytest

pytestmark = pytest.mark.asyncio
ARGS = ["mail", "hello", 5]
FEW = ["mail"]


async def send(channel, body, ttl):
    return channel, body, ttl


async def greet(channel, body, ttl, sender, when):
    return channel


async def test_takes_one():
    assert ARGS.pop(0) == "mail"
    FEW.append("hello")


async def test_too_few_in_any_case():
    await greet(*ARGS)


async def test_adds_are_not_enough():
    await send(*FEW)


async def test_another_list():
    mine = ["mail"]
    await send(*mine)
    assert ARGS
