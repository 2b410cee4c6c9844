import pytest


# name: queue
@pytest.mark.asyncio
async def test_one_job(queue):
    waiting = await queue.rpush("jobs", "mail")
    assert waiting == 1


@pytest.mark.asyncio
async def test_another_job(queue):
    assert await queue.rpush("jobs", "print") == 1
