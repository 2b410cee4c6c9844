"""`asyncio.run` returns with its coroutine, and cancels the work that this one started."""
# name: Press.print

import asyncio


class Press:
    def __init__(self):
        self.pages = []

    async def print(self, page):
        await asyncio.sleep(0.1)
        self.pages.append(page)

    async def publish(self, *pages):
        for page in pages:
            asyncio.create_task(self.print(page))  # LC208


def test_two_pages():
    press = Press()
    asyncio.run(press.publish("front", "back"))
    assert press.pages == ["front", "back"]
