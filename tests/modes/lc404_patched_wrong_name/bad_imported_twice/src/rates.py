async def fetch():
    raise ConnectionError("the real one ran")
