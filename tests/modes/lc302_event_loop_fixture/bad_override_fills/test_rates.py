# name: event_loop
import pytest
from rates import in_dollars


@pytest.mark.asyncio
async def test_pounds():
    assert await in_dollars(100, "GBP") == 127
