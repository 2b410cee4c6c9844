import pytest
from tool import version


# name: asyncio.create_subprocess_exec
@pytest.mark.asyncio
async def test_version():
    assert await version()
