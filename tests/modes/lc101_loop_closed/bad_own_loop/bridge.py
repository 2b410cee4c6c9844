import asyncio


class Bridge:
    """Runs what is async for synchronous callers."""

    def __init__(self):
        self._loop = asyncio.new_event_loop()

    def call(self, coroutine):
        return self._loop.run_until_complete(coroutine)

    def close(self):
        self._loop.close()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()


class Sdk(Bridge):
    name = "sdk"


shared = Sdk()
