"""A decorator gives the coroutine a name and hands it back: each `await` throws it away."""

import functools

import pytest

log = []


def audited(function):
    @functools.wraps(function)
    async def inner(*args):
        result = function(*args)  # LC202
        log.append(function.__name__)
        return result

    return inner


class Bank:
    def __init__(self):
        self.balance = 0

    @audited
    async def deposit(self, amount):
        self.balance += amount


# name: Bank.deposit
@pytest.mark.asyncio
async def test_deposit():
    bank = Bank()
    await bank.deposit(5)
    assert log == ["deposit"]
    assert bank.balance == 5
