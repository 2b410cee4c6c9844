import asyncio

import pytest


@pytest.mark.asyncio
async def test_user():
    await asyncio.sleep(0)


def test_plain():
    assert True
