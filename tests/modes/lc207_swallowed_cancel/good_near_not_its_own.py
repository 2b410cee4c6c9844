"""Nobody else cancels, or long before, or the test is about something else, or the code asks."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Budget:
    async def __aenter__(self):
        self.spent = False
        self.owner = asyncio.current_task()

    def spend(self):
        self.spent = True
        self.owner.cancel()

    async def __aexit__(self, kind, error, trace):
        if kind is asyncio.CancelledError and self.spent:
            raise TimeoutError("over budget") from error


class FairBudget(Budget):
    async def __aexit__(self, kind, error, trace):
        if kind is asyncio.CancelledError and self.spent and self.owner.uncancel() == 0:
            raise TimeoutError("over budget") from error


async def copy(budget):
    async with budget:
        await asyncio.sleep(3600)


async def copy_and_clean(budget):
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        await copy(budget)


async def test_only_the_budget_cancels():
    budget = Budget()
    task = asyncio.create_task(copy(budget))
    await asyncio.sleep(0.01)
    budget.spend()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_the_clean_up_takes_too_long():
    budget = Budget()
    task = asyncio.create_task(copy_and_clean(budget))
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.sleep(0.01)
    budget.spend()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_another_error_will_do():
    budget = Budget()
    task = asyncio.create_task(copy(budget))
    await asyncio.sleep(0.01)
    task.cancel()
    budget.spend()
    with pytest.raises(ValueError):
        await task


async def test_a_fair_budget():
    budget = FairBudget()
    task = asyncio.create_task(copy(budget))
    await asyncio.sleep(0.01)
    task.cancel()
    budget.spend()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not budget.spent
