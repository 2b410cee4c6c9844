"""What an order costs."""

from rates import connect


async def price(amount, currency):
    client = await connect()  # used
    try:
        rate = await client.get(f"rate:{currency}")
    finally:
        await client.aclose()
    return amount * float(rate)
