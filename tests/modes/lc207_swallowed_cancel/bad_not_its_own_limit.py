"""The budget runs out in the same turn in which the caller cancels: the caller gets a timeout."""

import asyncio

import pytest


class Budget:
    async def __aenter__(self):
        self.spent = False
        self._owner = asyncio.current_task()

    def spend(self):
        self.spent = True
        self._owner.cancel()  # LC207

    async def __aexit__(self, kind, error, trace):
        if kind is asyncio.CancelledError and self.spent:
            raise TimeoutError("over budget") from error


async def copy(budget):
    async with budget:
        await asyncio.sleep(3600)


# name: copy
@pytest.mark.asyncio
async def test_a_copy_can_be_stopped():
    budget = Budget()
    task = asyncio.create_task(copy(budget))
    await asyncio.sleep(0.01)
    task.cancel()
    budget.spend()
    with pytest.raises(asyncio.CancelledError):
        await task
