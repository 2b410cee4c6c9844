import asyncio


class Impl:
    async def load(self, key):
        return {"k": key}


class LegacyAdapter:
    """Each method of *impl*, without `await`."""

    def __init__(self, impl):
        self.impl = impl

    def __getattr__(self, name):
        target = getattr(self.impl, name)

        def call(*args):
            loop = asyncio.get_event_loop()
            return loop.run_until_complete(target(*args))  # LC103

        return call
