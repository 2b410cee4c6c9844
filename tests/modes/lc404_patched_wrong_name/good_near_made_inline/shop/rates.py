async def get_rate(currency):
    return 1.0


async def get_sign(currency):
    return "$"
