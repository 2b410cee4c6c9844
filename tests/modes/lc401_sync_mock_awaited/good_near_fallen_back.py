"""Doubles that are right, or that nobody awaits by that name: the tests fail for other reasons."""

import asyncio
from unittest.mock import AsyncMock, MagicMock

import pytest


async def ask(model, tracer, question):
    tracer.complete(question)
    return (await model.complete(question)).text.upper()


@pytest.mark.asyncio
async def test_another_has_the_name():
    model, tracer = AsyncMock(), MagicMock()
    model.complete.return_value.text = "forty-two"
    assert await ask(model, tracer, "?") == "forty-two"


@pytest.mark.asyncio
async def test_a_future_can_be_awaited():
    model = MagicMock()
    model.complete.return_value = asyncio.get_running_loop().create_future()
    model.complete.return_value.set_result(MagicMock(text="yes"))
    assert await ask(model, MagicMock(), "?") == "no"


@pytest.mark.asyncio
async def test_its_side_effect_can_be_awaited():
    async def complete(question):
        return MagicMock(text=question)

    model = MagicMock()
    model.complete.side_effect = complete
    assert await ask(model, MagicMock(), "yes") == "no"
