import asyncio


class StillCold(Exception):
    pass


class Oven:
    def __init__(self):
        self.degrees = 20
        self.heating = None

    def start(self):
        self.heating = asyncio.create_task(self._heat())

    async def _heat(self):
        self.degrees = 220

    async def read(self):
        return self.degrees


async def until_hot(oven, attempts=5, pause=2.0):
    for _ in range(attempts):
        if await oven.read() >= 200:
            return
        await asyncio.sleep(pause)
    raise StillCold(f"{await oven.read()} degrees after {attempts} looks")


class Baker:
    def __init__(self, oven):
        self.oven, self.baked = oven, []

    async def bake(self, what):
        self.oven.start()
        await until_hot(self.oven)
        self.baked.append(what)


class Timer:
    """It counts how often it has looked, in a loop without an end."""

    def __init__(self):
        self.rung = asyncio.Event()

    async def ring(self):
        self.rung.set()

    async def wait(self):
        looks = 0
        while not self.rung.is_set():
            looks += 1
            if looks > 20:
                raise StillCold("the timer has not rung")
            await asyncio.sleep(0.5)
