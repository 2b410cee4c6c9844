import asyncio


class Jobs:
    """Starts jobs, and keeps what goes wrong."""

    def __init__(self):
        self.errors, self.pending = [], set()

    def spawn(self, coro):
        task = asyncio.ensure_future(coro)
        self.pending.add(task)
        task.add_done_callback(self._done)

    def _done(self, task):
        self.pending.discard(task)
        if task.exception():
            self.errors.append(task.exception())


jobs = Jobs()
gate = asyncio.Event()  # LC102


async def job(out):
    await gate.wait()
    out.append("ran")


async def run(out):
    jobs.spawn(job(out))
    await asyncio.sleep(0)
    gate.set()
    await asyncio.sleep(0.01)
    gate.clear()
    return "done" if out else "nothing ran"
