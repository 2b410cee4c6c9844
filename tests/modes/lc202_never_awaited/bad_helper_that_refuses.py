"""A helper that would start a loop says no before: what it was given is dropped all the same."""

# name: work
import asyncio

import pytest


def run_later(coro):
    if not hasattr(coro, "later"):
        raise ValueError("not now")
    return asyncio.run(coro)


async def work():
    return 1


@pytest.mark.asyncio
async def test_work_is_done():
    try:
        done = run_later(work())  # LC202
    except ValueError:
        done = 0
    assert done == 1
