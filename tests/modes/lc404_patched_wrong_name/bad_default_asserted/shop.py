import clock


async def is_open(hour=clock.now):
    return 9 <= await hour() < 18
