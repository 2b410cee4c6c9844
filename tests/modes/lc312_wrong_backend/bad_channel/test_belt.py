"""No mark, but auto mode, and pytest-trio is not there."""

import trio


async def first(receive):
    return await receive.receive()


# name: receive.receive
async def test_first_box():  # LC312
    send, receive = trio.open_memory_channel(1)
    send.send_nowait("red box")
    assert await first(receive) == "red box"
