import os

import pytest
import valkey.asyncio as valkey


@pytest.fixture(scope="session")
def store():  # LC102
    return valkey.from_url(os.environ["VALKEY_URL"])


@pytest.fixture
def shop(store):
    return {"name": "corner shop", "store": store}
