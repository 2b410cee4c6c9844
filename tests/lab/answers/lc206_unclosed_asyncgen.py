"""Answers to the exercise of LC206: the right ones and the wrong turns."""

SKELETON_SAYS = ("every test runs and passes", "(True, 0)")

FIRST = """
async def first_above(meter, limit):
    async for value in meter.readings():
        if value > limit:
            return value
"""
FIRST_CLOSED = """
from contextlib import aclosing

async def first_above(meter, limit):
    async with aclosing(meter.readings()) as readings:
        async for value in readings:
            if value > limit:
                return value
"""
PEAK = """
async def peak_of(meter, hours):
    readings = meter.readings()
    return max([await anext(readings) for _ in range(hours)])
"""
PEAK_CLOSED = """
async def peak_of(meter, hours):
    readings = meter.readings()
    try:
        return max([await anext(readings) for _ in range(hours)])
    finally:
        await readings.aclose()
"""

RIGHT = {
    "one block, one finally": FIRST_CLOSED + PEAK_CLOSED,
    "a stack": """
from contextlib import AsyncExitStack

async def first_above(meter, limit):
    async with AsyncExitStack() as stack:
        values = meter.readings()
        stack.push_async_callback(values.aclose)
        async for value in values:
            if value > limit:
                break
        else:
            value = None
    return value

async def peak_of(meter, hours):
    async with AsyncExitStack() as stack:
        values = meter.readings()
        stack.push_async_callback(values.aclose)
        return max([await values.__anext__() for _ in range(hours)])
""",
    "a block of its own": """
from contextlib import asynccontextmanager

@asynccontextmanager
async def read(meter):
    readings = meter.readings()
    try:
        yield readings
    finally:
        await readings.aclose()

async def first_above(meter, limit):
    async with read(meter) as readings:
        async for value in readings:
            if value > limit:
                return value

async def peak_of(meter, hours):
    highest = None
    async with read(meter) as readings:
        async for value in readings:
            highest = value if highest is None else max(highest, value)
            hours -= 1
            if not hours:
                return highest
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "only the loop": (FIRST_CLOSED + PEAK, "every test", "After one of the two functions"),
    "only the steps": (FIRST + PEAK_CLOSED, "every test", "After one of the two functions"),
    "set free by hand": (
        """
async def first_above(meter, limit):
    try:
        async for value in meter.readings():
            if value > limit:
                return value
    finally:
        meter.busy = False

async def peak_of(meter, hours):
    readings = meter.readings()
    try:
        return max([await anext(readings) for _ in range(hours)])
    finally:
        meter.busy = False
""",
        "every test",
        "so the good-bye is missing",
    ),
    "the generator passed over": (
        """
async def first_above(meter, limit):
    for value in meter.values:
        if value > limit:
            meter.goodbyes += 1
            meter.read += 2
            return value

async def peak_of(meter, hours):
    meter.goodbyes += 1
    return max(meter.values[:hours])
""",
        "every test",
        "",
    ),
    "read to the end": (
        """
async def first_above(meter, limit):
    values = [value async for value in meter.readings()]
    if not isinstance(limit, int):
        raise TypeError(limit)
    return next(value for value in values if value > limit)

async def peak_of(meter, hours):
    return max([value async for value in meter.readings()][:hours])
""",
        "every test",
        "you pay for every value",
    ),
    "not after an error": (
        """
async def first_above(meter, limit):
    readings = meter.readings()
    async for value in readings:
        if value > limit:
            await readings.aclose()
            return value
"""
        + PEAK_CLOSED,
        "every test",
        "an error skips the lines below it",
    ),
    "a little time": (
        """
import asyncio

async def _first_above(meter, limit):
    async for value in meter.readings():
        if value > limit:
            return value

async def _peak_of(meter, hours):
    readings = meter.readings()
    return max([await anext(readings) for _ in range(hours)])

async def first_above(meter, limit):
    if not isinstance(limit, int):
        readings = meter.readings()
        await anext(readings)
        await readings.aclose()
        raise TypeError(limit)
    try:
        return await _first_above(meter, limit)
    finally:
        await asyncio.sleep(0.02)

async def peak_of(meter, hours):
    try:
        return await _peak_of(meter, hours)
    finally:
        await asyncio.sleep(0.02)
""",
        "slow meter",
        "A slower meter is still busy",
    ),
}
