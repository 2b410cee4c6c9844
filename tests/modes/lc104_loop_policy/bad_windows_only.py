"""Advice for Windows, followed everywhere."""

import asyncio

import pytest


@pytest.fixture(scope="session", autouse=True)
def policy():
    asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())  # LC104


# name: asyncio.WindowsSelectorEventLoopPolicy
@pytest.mark.asyncio
async def test_sum():
    assert sum([1, 2]) == 3
