"""A fixture that is not async hands on a coroutine, and the test takes that for its result."""

# name: login
import pytest


async def login(user):
    return {"token": user}


@pytest.fixture
def auth():
    return login("ann")  # LC202


@pytest.mark.asyncio
async def test_token(auth):
    assert auth["token"] == "ann"
