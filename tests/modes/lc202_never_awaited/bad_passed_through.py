"""A plain helper returns what it calls, and `sorted`, `map` call what they get: nobody awaits."""

# name: Bank.pay | rank | Bank.owner
# findings: 3
import pytest


def retried(times, function, *args):
    for _ in range(times):
        try:
            return function(*args)
        except ValueError:
            continue
    raise LookupError(times)


class Bank:
    def __init__(self):
        self.paid = 0

    async def pay(self, amount):
        self.paid += amount

    async def owner(self, number):
        return f"owner {number}"


async def rank(name):
    return len(name)


@pytest.mark.asyncio
async def test_pay():
    bank = Bank()
    retried(3, bank.pay, 5)  # LC202
    assert bank.paid == 5


def test_owners():
    assert list(map(Bank().owner, [1])) == ["owner 1"]  # LC202


def test_rank():
    assert sorted(["three", "one"], key=rank) == ["one", "three"]  # LC202
