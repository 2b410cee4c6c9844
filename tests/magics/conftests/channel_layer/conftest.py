import asyncio

import pytest
import pytest_asyncio


class Layer:
    def __init__(self):
        self.groups = {}

    async def join(self, group, channel):
        self.groups.setdefault(group, []).append(channel)


@pytest.fixture(scope="session")
def layers():
    return {"default": Layer()}


@pytest_asyncio.fixture(autouse=True)
async def clean_layers(layers):
    yield
    layers["default"].groups.clear()


@pytest_asyncio.fixture
async def communicator(layers):
    inbox = asyncio.Queue()
    await layers["default"].join("chat", "ada")
    yield inbox
    await asyncio.wait_for(inbox.join(), 1)


@pytest_asyncio.fixture
async def joined(communicator, layers):
    return dict(layers["default"].groups)
