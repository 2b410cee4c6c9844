"""The wrapper hides its cause, and asserts something else: only the context still knows."""

# name: tickets
import os

import pytest
import valkey.asyncio as valkey

tickets = valkey.from_url(os.environ["VALKEY_URL"])  # LC102


async def sell(seat):
    try:
        return await tickets.set(f"seat:{seat}", "sold")
    except RuntimeError:
        raise LookupError(f"no seat {seat}") from None


@pytest.mark.asyncio(loop_scope="module")
async def test_seat_is_sold():
    assert await sell("A1")


@pytest.mark.asyncio
async def test_last_seat_is_sold():
    assert await sell("Z9")
