# name: orders
import asyncio


def test_the_first_order_is_taken():
    orders = asyncio.Queue()
    asyncio.run(asyncio.wait_for(orders.get(), 0.2))  # LC203
