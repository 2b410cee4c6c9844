"""Where the rates come from."""


async def rate(currency):
    return {"EUR": 100, "USD": 93}[currency]
