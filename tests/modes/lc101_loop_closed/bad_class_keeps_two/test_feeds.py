"""Two methods of the class keep a loop, so the line that creates the object says most."""

# name: feed.loop
import asyncio

from feeds import Feed


def test_a_late_stop():
    feed = Feed()  # LC101
    asyncio.run(feed.run())
    feed.stop()
    assert feed.stopped
