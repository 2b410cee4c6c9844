"""A decorator returns the call in place of awaiting it; who awaits that keeps it in a list."""

import functools

import pytest

pytestmark = pytest.mark.asyncio


def retry(times):
    def around(function):
        @functools.wraps(function)
        async def again(*args):
            for _ in range(times):
                try:
                    return function(*args)  # LC202
                except ConnectionError:
                    continue

        return again

    return around


class Gateway:
    def __init__(self):
        self.calls = 0

    @retry(3)
    async def charge(self, amount):
        self.calls += 1
        return amount


async def check_out(gateway, amounts):
    receipts = []
    for amount in amounts:
        receipts.append(await gateway.charge(amount))
    return receipts


# name: Gateway.charge
async def test_charges():
    gateway = Gateway()
    assert len(await check_out(gateway, [1, 2])) == 2
    assert gateway.calls == 2
