import asyncio

import pytest


class Fair(asyncio.SelectorEventLoop):
    """Lets everybody have a turn."""


@pytest.fixture(scope="session")
def event_loop():  # LC302
    loop = Fair()
    yield loop
    loop.close()
