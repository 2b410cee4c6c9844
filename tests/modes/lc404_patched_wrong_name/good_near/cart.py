import fx
from fx import spread


async def total(amount, currency):
    return amount * await fx.rate(currency)


async def margin(amount, currency):
    if amount < 100:
        return 0
    return amount * await spread(currency)
