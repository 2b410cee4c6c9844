async def charge(card, amount):
    return "done"


async def invoice(card, amount):
    return "sent"
