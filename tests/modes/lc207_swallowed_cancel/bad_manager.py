"""A context manager says yes to any error that ends its block: a timeout's cancellation, too."""

import asyncio

import pytest


class Quiet:
    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, error, trace):
        return kind is not None  # LC207


async def follow():
    async with Quiet():
        await asyncio.sleep(5)
    return 0


# name: follow
@pytest.mark.asyncio
async def test_it_ends_in_time():
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(follow(), 0.05)
