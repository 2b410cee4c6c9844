import pytest


# name: self.connection | connection
@pytest.mark.asyncio
async def test_rooms_are_counted(rooms):
    assert await rooms.count() == 7
