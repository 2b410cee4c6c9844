"""A dataclass has no line that sets its field: a helper creates what it is given."""

# name: till.orders
import asyncio
from dataclasses import dataclass

import pytest


@dataclass
class Till:
    name: str
    orders: asyncio.Queue


def open_till(name):
    return Till(name, asyncio.Queue())


@pytest.mark.asyncio
async def test_first_order():
    till = open_till("north")
    await asyncio.wait_for(till.orders.get(), 0.2)  # LC203
