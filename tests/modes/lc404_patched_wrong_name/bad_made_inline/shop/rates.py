async def get_rate(currency):
    raise ConnectionError(f"no route to the rates of {currency}")


async def get_name(currency):
    return currency


async def get_sign(currency):
    raise ConnectionError(f"no route to the sign of {currency}")
