import selectors
from asyncio.selector_events import BaseSelectorEventLoop


class CountingLoop(BaseSelectorEventLoop):  # LC104
    """Counts the callbacks."""

    count = 0

    def __init__(self):
        super().__init__(selectors.DefaultSelector())

    def call_soon(self, *args, **kwargs):
        self.count += 1
        return super().call_soon(*args, **kwargs)


def pytest_asyncio_loop_factories(config, item):
    return {"counting": CountingLoop}
