"""A runner keeps the first error of its steps; the test finds what another step did after that."""

# name: deploy

import asyncio

import pytest


class Report:
    def __init__(self, errors):
        self.errors = errors


class Runner:
    def __init__(self, steps):
        self.steps = steps

    async def step(self, work):
        return await work

    async def run(self):
        try:
            await asyncio.gather(*map(self.step, self.steps))  # LC201
        except Exception as error:
            return Report([error])
        return Report([])


@pytest.mark.asyncio
async def test_a_failure_stops_the_run():
    deployed = False
    built = asyncio.Event()

    async def check():
        raise ValueError("no licence")

    async def deploy():
        nonlocal deployed
        await built.wait()
        deployed = True

    report = await Runner([check(), deploy()]).run()
    assert len(report.errors) == 1
    built.set()
    await asyncio.sleep(0.01)
    assert not deployed
