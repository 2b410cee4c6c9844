async def now():
    return 12
