async def weigh(piece):
    return len(piece)


async def total(pieces):
    return sum([await weigh(one) for one in pieces])


async def price(pieces):
    return 2 * len(pieces)
