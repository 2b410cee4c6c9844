from app.db import client


async def last_order():
    return await client.get("order:last")


async def remember(order):
    await client.set("order:last", order)
