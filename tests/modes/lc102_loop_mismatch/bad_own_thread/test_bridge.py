"""The future belongs to a loop that runs in a thread of the project's own."""

# name: bridge.ready
import pytest
from bridge import Bridge


@pytest.fixture
def bridge():
    made = Bridge()
    yield made
    made.stop()


@pytest.mark.asyncio
async def test_ready(bridge):
    assert await bridge.ready == 5
