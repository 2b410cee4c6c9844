"""Warnings are errors, and to name a policy is enough for a warning."""

import asyncio

import pytest


@pytest.fixture
def policy():
    asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())  # LC104


# name: asyncio.DefaultEventLoopPolicy
# needs: asyncio.__getattr__
@pytest.mark.asyncio
async def test_sum(policy):
    assert sum([1, 2]) == 3
