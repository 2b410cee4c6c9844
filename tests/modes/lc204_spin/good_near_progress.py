"""Each round changes something out of sight: an attribute, a list, a file."""

# options: --loopcheck-hang=1

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Solver:
    def __init__(self):
        self.steps = 0

    def step(self):
        self.steps += 1

    def finished(self):
        return self.steps > 1_000_000


async def test_solves():
    solver = Solver()
    while not solver.finished():
        solver.step()


async def test_drains():
    jobs = list(range(130))
    while jobs:
        jobs.pop()
        await asyncio.sleep(0.01)


async def test_file(tmp_path):
    log = tmp_path / "log"
    log.touch()
    while log.stat().st_size < 130:
        with log.open("a") as file:
            file.write(".")
        await asyncio.sleep(0.01)
