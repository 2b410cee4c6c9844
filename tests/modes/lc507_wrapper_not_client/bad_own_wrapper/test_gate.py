import pytest


# name: self.store
@pytest.mark.asyncio
async def test_a_guest_enters(gate):
    assert await gate.enter("ada") == 1
