import asyncio

import pytest
import pytest_asyncio


# name: jobs
@pytest_asyncio.fixture(scope="package", loop_scope="class")
async def jobs():  # LC106
    return asyncio.Queue()


@pytest.fixture
def filled(jobs):
    jobs.put_nowait("wash")
    return jobs
