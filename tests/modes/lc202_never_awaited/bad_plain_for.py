"""A plain `for` goes through an async generator. Two more lines make a list and a sum of one."""

# name: ledger.rows() | self.rows() | amounts(2)
# findings: 3
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Ledger:
    def __init__(self, *entries):
        self.entries = entries

    async def rows(self):
        for one in self.entries:
            await asyncio.sleep(0)
            yield one

    async def large(self):
        return [one for one in self.rows() if one > 9]  # LC202


async def amounts(count):
    for number in range(count):
        yield number


async def test_each_row_is_there():
    ledger, seen = Ledger(3, 12), []
    for one in ledger.rows():  # LC202
        seen.append(one)
    assert seen == [3, 12]


async def test_only_large_rows():
    assert await Ledger(3, 12).large() == [12]


async def test_the_sum():
    assert sum(amounts(2)) == 1  # LC202
