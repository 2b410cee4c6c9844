"""A thread puts into the loop's queue by itself: what waits there is woken by nobody."""

# options: --loopcheck-hang=1
# name: post.box | self.box
import asyncio
import threading

import pytest


class Post:
    def __init__(self):
        self.box = asyncio.Queue()
        self.waits = threading.Event()

    def deliver(self):
        self.waits.wait()
        self.box.put_nowait("Dear Emma")  # LC203

    async def first(self):
        asyncio.get_running_loop().call_later(0.1, self.waits.set)
        return await self.box.get()


@pytest.mark.asyncio
async def test_the_first_letter():
    post = Post()
    carrier = threading.Thread(target=post.deliver)
    carrier.start()
    assert await post.first() == "Dear Emma"
    carrier.join()
