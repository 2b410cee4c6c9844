import anyio
import pytest_asyncio


# name: workers
@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def workers():
    async with anyio.create_task_group() as tasks:  # LC310
        yield tasks
        tasks.cancel_scope.cancel()
