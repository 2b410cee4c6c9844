import asyncio


class CountingLoop(asyncio.SelectorEventLoop):
    """Counts the callbacks."""

    count = 0

    def call_soon(self, *args, **kwargs):
        self.count += 1
        return super().call_soon(*args, **kwargs)


def pytest_asyncio_loop_factories(config, item):
    return {"counting": CountingLoop}
