"""LC206 unclosed-asyncgen: the solution of the exercise, why it works, and one other good way.

What was wrong: `return` left the first generator at its `yield`, and the last `anext` left the
second one there too. Nothing awaited their `finally`, so the meter was still busy when the report
was ready.

Why this works: `aclosing` awaits `aclose()` at the end of its block, also after a `return` or an
error. That throws GeneratorExit into the generator where it stands, and waits until its `finally`
is done, however long it takes.

Another good way: `try: … finally: await readings.aclose()`. It is the same without the import; the
block shows it in its first line, so that nobody forgets it.
"""

from contextlib import aclosing


async def first_above(meter, limit):
    async with aclosing(meter.readings()) as readings:
        async for value in readings:
            if value > limit:
                return value
    return None


async def peak_of(meter, hours):
    async with aclosing(meter.readings()) as readings:
        return max([await anext(readings) for _ in range(hours)])
