"""A task of the first test was to go on in the next ones, on the loop of the session."""

# name: event_loop
import asyncio


class Service:
    task = None

    async def serve(self):
        while True:
            await asyncio.sleep(0.01)

    @property
    def running(self):
        return self.task is not None and not self.task.done()


service = Service()


async def test_start():
    service.task = asyncio.create_task(service.serve())  # loopcheck: ignore[LC201]
    await asyncio.sleep(0)
    assert service.running


async def test_it_still_runs():
    await asyncio.sleep(0)
    assert service.running


async def test_it_is_not_done():
    assert not service.task.done()
