import pytest


@pytest.fixture
async def token():
    return "t"
