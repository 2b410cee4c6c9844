import asyncio
import os

import pytest
import valkey.asyncio as valkey


@pytest.fixture(scope="session")
def event_loop():  # LC302
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def store():
    return valkey.from_url(os.environ["VALKEY_URL"])
