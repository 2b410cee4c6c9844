"""The condition gets an outcome with the error in it. A worker lives on when it is cancelled."""

import asyncio
from dataclasses import dataclass, field

import pytest


@dataclass
class Outcome:
    error: BaseException | None = None


@dataclass
class Supervisor:
    final: tuple = (SystemExit, ValueError)
    seen: list = field(default_factory=list)

    def restarts(self, outcome):
        return not isinstance(outcome.error, self.final)  # LC207

    async def run(self, job):
        while True:
            outcome = Outcome()
            try:
                await job()
            except BaseException as error:
                outcome.error = error
            self.seen.append(outcome)
            if outcome.error is None or not self.restarts(outcome):
                break


async def job(limits=[5, 0.3]):
    await asyncio.sleep(limits.pop(0) if limits else 0)


# name: Supervisor.run
@pytest.mark.asyncio
async def test_it_ends():
    supervisor = Supervisor()
    task = asyncio.create_task(supervisor.run(job))
    await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=0.05)
    assert done == {task}
