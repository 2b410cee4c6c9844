"""A plain test that starts the loop itself, with another library's function."""

import asyncio

import trio


async def arrives():
    with trio.move_on_after(1):
        await trio.sleep(0)
        return "red box"


def fetch():
    return asyncio.run(arrives())  # LC312


# name: trio.move_on_after
def test_box():
    assert fetch() == "red box"
