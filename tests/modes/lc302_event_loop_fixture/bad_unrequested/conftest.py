import asyncio

import pytest


@pytest.fixture(scope="session")
def event_loop():  # LC302
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()
