async def fetch(sku):
    raise ConnectionError(sku)
