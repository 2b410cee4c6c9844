"""Known and accepted: by a mark, and by a comment."""

import pytest


async def work():
    """Nothing."""


@pytest.mark.loopcheck(ignore=["LC202"])
@pytest.mark.asyncio
async def test_marked():
    work()


@pytest.mark.asyncio
async def test_commented():
    work()  # loopcheck: ignore[LC202]
