"""anyio's own way to start a loop, in a test that anyio runs."""

# name: main
import anyio
import pytest

pytest_plugins = ["anyio.pytest_plugin"]


@pytest.fixture
def anyio_backend():
    return "asyncio"


async def main():
    await anyio.sleep(0)
    return "done"


@pytest.mark.anyio
async def test_main():
    assert anyio.run(main) == "done"  # LC103
