import asyncio

import weather
from weather import StationDown, read_buoy, read_station


class NoReading(Exception):
    pass


async def reading(name):
    try:
        return await weather.read_station(name)
    except StationDown:
        return None


async def warmest(names):
    found = await asyncio.gather(*(reading(name) for name in names))
    known = [one for one in found if one is not None]
    if len(known) < 2:
        raise NoReading(names)
    return max(known)


async def water(name):
    """Another function than the one that is replaced decides."""
    await from_afar(name)
    try:
        degrees = await read_buoy(name)
    except StationDown:
        degrees = None
    if degrees is None:
        raise NoReading(name)
    return degrees


async def from_afar(name):
    try:
        return await read_station(name)
    except StationDown:
        return "no station"


async def named(name):
    """It is refused for its name, before anybody reads."""
    if not name:
        raise NoReading("a name is needed")
    return await read_station(name)
