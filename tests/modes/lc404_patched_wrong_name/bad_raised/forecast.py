import asyncio

from weather import StationDown, read_station


class NoReading(Exception):
    pass


async def reading(name):
    try:
        return await read_station(name)  # used
    except StationDown:
        return None


async def warmest(names):
    found = await asyncio.gather(*(reading(name) for name in names))
    known = [one for one in found if one is not None]
    if not known:
        raise NoReading(names)
    return max(known)


class Station:
    def __init__(self, name):
        self.name = name

    async def degrees(self):
        for _ in range(3):
            try:
                return await read_station(self.name)  # used
            except StationDown:
                await asyncio.sleep(0)
        raise NoReading(self.name)


async def checked(name):
    degrees = await reading(name)
    if degrees is None or degrees > 60:
        raise NoReading(name)
    return degrees
