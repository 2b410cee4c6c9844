import pytest


@pytest.fixture
async def db():
    yield {"orders": []}
