from unittest.mock import AsyncMock

import pytest
from limiter.service import ALLOWED, TOO_MANY, metrics_page, status

pytestmark = pytest.mark.asyncio


async def test_who_is_let_in_gets_an_answer(limiter):
    assert await status(limiter, "ada") == ALLOWED


async def test_who_is_refused_is_told_so():
    limiter = AsyncMock()
    limiter.allow.return_value = False
    assert await status(limiter, "ada") == TOO_MANY


async def test_the_waits_are_on_the_metrics_page(limiter):
    await limiter.allow("ada")
    assert b"limiter_wait_seconds_count" in metrics_page()
