"""Errors that a gather returned and nobody read, which have no part in the failure."""

import asyncio

import pytest


class Till:
    def __init__(self):
        self.total, self.notes = 0, []

    async def add(self, price):
        await asyncio.sleep(0)
        self.total += price

    async def pay(self, price):
        if price > self.total:
            raise ValueError(price)
        self.total -= price + 1

    async def note(self, word):
        self.notes.append(word.upper())


@pytest.mark.asyncio
async def test_the_line_reads_what_the_failed_one_does_not_change():
    till = Till()
    await asyncio.gather(till.add(3), till.note(4), return_exceptions=True)
    assert till.total == 8


@pytest.mark.asyncio
async def test_of_another_object():
    till, other = Till(), Till()
    await asyncio.gather(till.add(3), other.add("4"), return_exceptions=True)
    assert till.total == 8


@pytest.mark.asyncio
async def test_a_refusal_is_what_the_test_is_about():
    till = Till()
    till.total = 8
    await asyncio.gather(till.pay(6), till.pay(9), return_exceptions=True)
    assert till.total == 2


@pytest.mark.asyncio
async def test_the_results_are_kept_and_read():
    till = Till()
    results = await asyncio.gather(till.add(3), till.add("4"), return_exceptions=True)
    assert till.total == 7, results


@pytest.mark.asyncio
async def test_the_results_have_a_name():
    till = Till()
    added = asyncio.gather(till.add(3), till.add("4"), return_exceptions=True)
    await added
    assert till.total == 7, added.result()


@pytest.mark.asyncio
async def test_the_results_are_handed_on():
    till, told = Till(), []

    async def tell(results):
        told.extend(map(repr, results))

    await tell(await asyncio.gather(till.add(3), till.add("4"), return_exceptions=True))
    assert till.total == 7


@pytest.mark.asyncio
async def test_what_is_cancelled_is_no_error():
    till = Till()

    async def wait():
        await asyncio.sleep(60)
        till.total += 5

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, till.add(3), return_exceptions=True)
    assert till.total == 8


@pytest.mark.asyncio
async def test_an_error_of_the_test_before_is_over():
    till = Till()
    await till.add(3)
    assert till.total == 8
