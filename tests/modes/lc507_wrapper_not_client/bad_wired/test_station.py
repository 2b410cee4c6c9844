import pytest
import pytest_asyncio
from station import Station


@pytest_asyncio.fixture
async def station():
    station = Station()
    yield station
    await station.store.stop()


# name: self.store
@pytest.mark.asyncio
async def test_a_song_is_queued(station):
    assert await station.playlist.queue("Hurt") == 1
