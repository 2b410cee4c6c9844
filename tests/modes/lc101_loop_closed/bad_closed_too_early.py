"""A plain test closes its loop one line too early: the store still has tasks to end."""

# name: loop

import asyncio


class Store:
    def __init__(self):
        self.writers = []

    async def open(self):
        self.writers.append(asyncio.create_task(asyncio.sleep(30)))

    async def close(self):
        for writer in self.writers:
            writer.cancel()
        await asyncio.gather(*self.writers, return_exceptions=True)


def test_store_opens():
    store = Store()
    loop = asyncio.new_event_loop()
    loop.run_until_complete(store.open())
    loop.close()  # LC101
    loop.run_until_complete(store.close())
    assert all(one.done() for one in store.writers)
