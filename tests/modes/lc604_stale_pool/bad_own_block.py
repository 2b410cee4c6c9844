"""The end of a block leaves it to other methods to mark the object as closed."""

# name: ledger
import enum

import pytest


class State(enum.Enum):
    OPEN = 1
    OVER = 2


class Ledger:
    def __init__(self):
        self._state = State.OPEN
        self.rows = []

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        await self.stop()

    async def stop(self):
        self._finish()

    def _finish(self):
        self._state = State.OVER

    def _check(self):
        if self._state is State.OVER:
            raise RuntimeError("this ledger is over")

    async def write(self, row):
        self._check()
        self.rows.append(row)


async def fill(ledger):
    for row in ("tea", "rice"):
        await ledger.write(row)


@pytest.mark.asyncio
async def test_two_rows():
    async with Ledger() as ledger:  # LC604
        assert ledger.rows == []
    await fill(ledger)
    assert ledger.rows == ["tea", "rice"]
