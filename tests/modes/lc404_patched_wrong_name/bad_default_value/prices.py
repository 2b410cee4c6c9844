async def price(name):
    return 100


async def order(name, *, fetch=price):
    return await fetch(name) * 2
