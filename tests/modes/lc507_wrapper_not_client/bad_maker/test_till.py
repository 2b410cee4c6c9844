import pytest


# name: make_redis
@pytest.mark.asyncio
async def test_the_till_rings(till):
    assert await till.ring(250) == 250
