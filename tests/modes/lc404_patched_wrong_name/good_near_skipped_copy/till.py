import shop
from bank import charge as take


async def sell(card, seats):
    await shop.fee(card)
    if seats > 1:
        return await take(card, 10 * seats)
    return "done"
