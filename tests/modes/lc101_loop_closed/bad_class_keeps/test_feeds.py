"""The class of the project keeps the loop of its last run: a late `stop()` wakes a closed one."""

# name: feed
import asyncio

from feeds import Feed


def test_a_late_stop():
    feed = Feed()
    asyncio.run(feed.run(2))
    feed.stop()
    assert feed.stopped
