from unittest.mock import patch

import pytest
import pytest_asyncio
from bus import Bus


class Note:
    """A handler that keeps what it was given."""

    def __init__(self):
        self.events = []

    async def __call__(self, event):
        self.events.append(event)


@pytest.fixture
def note():
    return Note()


@pytest.fixture(scope="session")
def no_waiting():
    with patch("bus.retry.asyncio.sleep"):  # only there: the pauses between two tries
        yield


@pytest_asyncio.fixture
async def bus():
    bus = Bus()
    bus.start()
    yield bus
    bus.worker.cancel()
