import asyncio

jobs = set()


class Debounce:
    def __init__(self, delay, action):
        self.delay, self.action = delay, action

    def poke(self):
        asyncio.get_running_loop().call_later(self.delay, self._start)

    def _start(self):
        job = asyncio.ensure_future(self.action())
        jobs.add(job)
        job.add_done_callback(jobs.discard)


async def persistent(attempt):
    return await attempt()
