"""LC501 duplicate-metric: the solution of the exercise, why it works, and one other good way.

What was wrong: each oven created the counter, so the second oven of any bakery failed. And it was
created in the registry of the process, whatever registry the bakery got.

What changed: the bakery creates the counter, once, in its registry. An oven gets its own part of
it, `labels(name)`. The real shop passes nothing and counts for the whole process. A test passes its
own `CollectorRegistry()`, where everything begins at zero.

Another good way: a small class `Meters(registry)` which creates all metrics of the program. The
program creates one object of it, a test creates another, and passes it to the code that counts.
"""

import asyncio

from prometheus_client import REGISTRY, Counter


class Oven:
    def __init__(self, baked):
        self.baked = baked

    async def bake(self, number):
        await asyncio.sleep(0)  # heat
        self.baked.inc(number)


class Bakery:
    def __init__(self, *names, registry=REGISTRY):
        loaves = Counter("loaves", "Loaves that were baked", ["oven"], registry=registry)
        self.ovens = {name: Oven(loaves.labels(name)) for name in names}

    async def bake(self, oven, number):
        await self.ovens[oven].bake(number)
