"""Decorators await what they call, or hand it back to who awaits it twice; the tests fail alone."""

import functools

import pytest

pytestmark = pytest.mark.asyncio


def logged(function):
    @functools.wraps(function)
    def around(*args):
        return function(*args)

    return around


def bound(function):
    @functools.wraps(function)
    async def around(*args):
        return function(*args)

    return around


class Gateway:
    def __init__(self):
        self.calls = 0

    @logged
    async def charge(self, amount):
        self.calls += 1

    @bound
    async def refund(self, amount):
        self.calls += 1


async def test_charges():
    gateway = Gateway()
    await gateway.charge(3)
    assert gateway.calls == 2


async def test_refunds():
    gateway = Gateway()
    await (await gateway.refund(3))
    (await gateway.refund(3)).close()
    assert gateway.calls == 2
