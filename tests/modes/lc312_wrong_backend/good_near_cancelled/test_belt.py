"""trio's own error, on trio: too slow."""

import pytest
import trio


@pytest.mark.trio
async def test_in_time():
    with trio.fail_after(0):
        await trio.sleep(1)
