import pytest

pytestmark = pytest.mark.asyncio


async def test_job_is_there(filled):
    assert await filled.get() == "wash"


class TestJobs:
    async def test_no_job_is_left(self, jobs):
        assert jobs.empty()
