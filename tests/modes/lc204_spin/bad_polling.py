"""It gives way, sleeps, asks again: and nobody will ever change the answer."""

# options: --loopcheck-hang=1
# name: settled

import asyncio

import pytest


async def settled(orders, tries=0):
    while any(order["state"] != "paid" for order in orders):  # LC204
        tries += 1
        await asyncio.sleep(0.01)
    return tries


@pytest.mark.asyncio
async def test_all_orders_settle():
    orders = [{"state": "paid"}, {"state": "open"}]
    assert await settled(orders) < 100


@pytest.mark.asyncio
async def test_paid_orders_are_settled():
    assert await settled([{"state": "paid"}]) == 0
