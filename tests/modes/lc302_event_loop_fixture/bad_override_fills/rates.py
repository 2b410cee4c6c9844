import asyncio

RATES = {}


async def in_dollars(amount, currency):
    await asyncio.sleep(0)
    return amount * RATES[currency]
