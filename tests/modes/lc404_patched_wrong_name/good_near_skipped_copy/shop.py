import bank


async def fee(card):
    return await bank.charge(card, 1)
