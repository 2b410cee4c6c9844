"""trio's code on trio, and a channel that nobody reads any more."""

import pytest
import trio


@pytest.mark.trio
async def test_send():
    send, receive = trio.open_memory_channel(1)
    receive.close()
    await send.send("red box")
