"""An order keeps the future that its thread sets, and a ticket keeps one of the same name."""

# options: --loopcheck-hang=1
# name: order.paid
import asyncio
import threading

import pytest


class Order:
    def __init__(self):
        self.paid = asyncio.get_running_loop().create_future()
        threading.Timer(0.1, self.collect).start()

    def __await__(self):
        return self.paid.__await__()

    def collect(self):
        self.paid.set_result(12)  # LC203


class Ticket:
    def __init__(self):
        self.paid = asyncio.get_running_loop().create_future()

    def collect_later(self):
        threading.Timer(5, self.close).start()

    def close(self):
        self.paid.set_result(0)


@pytest.mark.asyncio
async def test_an_order_is_paid():
    order = Order()
    assert await order == 12
