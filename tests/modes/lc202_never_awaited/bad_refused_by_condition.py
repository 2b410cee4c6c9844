"""A helper starts what it gets under a condition, and has no other branch."""

# name: ring
import asyncio

import pytest

rung = []


async def ring(bell):
    rung.append(bell)


def on_weekdays(day, *, action):
    later = action
    if day < 5:
        return asyncio.ensure_future(later)
    return None  # LC202


@pytest.mark.asyncio
async def test_no_bell_on_sunday():
    assert on_weekdays(6, action=ring("school")) is None
    assert rung == []
