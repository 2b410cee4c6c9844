"""The call itself is fine, and bounded; the connection below it belongs to another loop."""

# name: jobs
import asyncio
import os

import pytest
import valkey.asyncio as valkey

jobs = valkey.from_url(os.environ["VALKEY_URL"])  # LC102


@pytest.mark.asyncio(loop_scope="module")
async def test_job_is_queued():
    assert await jobs.lpush("jobs", "print") >= 1


@pytest.mark.asyncio
async def test_job_is_taken():
    async with asyncio.timeout(5):
        assert await asyncio.wait_for(jobs.brpop("jobs", timeout=1), timeout=3)
