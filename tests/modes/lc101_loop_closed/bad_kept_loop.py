"""A service remembers the loop it was first started on, and hands it work later."""

# name: service.loop | Service.loop
import asyncio

import pytest


class Service:
    loop = None

    def start(self, job):
        if self.loop is None:
            self.loop = asyncio.get_running_loop()  # LC101
        return self.loop.create_future(), self.loop.call_soon(job)


service = Service()  # LC101


@pytest.mark.asyncio
@pytest.mark.parametrize("day", ["monday", "tuesday"])
async def test_job_is_done(day):
    done = asyncio.Event()
    service.start(done.set)
    await done.wait()
