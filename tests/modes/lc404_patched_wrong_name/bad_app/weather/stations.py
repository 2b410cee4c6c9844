async def temperature(city):
    return 10
