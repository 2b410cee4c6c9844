"""Nothing is raised: a coroutine is true, and has a text. So another answer comes out."""

# findings: 2

from unittest.mock import AsyncMock

import pytest


class Auth:
    def __init__(self, hasher):
        self.hasher = hasher

    async def login(self, name, password):
        if not self.hasher.verify(name, password):
            return "denied"
        return f"{name}:{self.hasher.token(name)}"


# name: hasher.verify | hasher.token
@pytest.mark.asyncio
async def test_denied():
    hasher = AsyncMock()  # LC402
    hasher.verify.return_value = False
    assert await Auth(hasher).login("ada", "?") == "denied"


@pytest.mark.asyncio
async def test_welcome():
    hasher = AsyncMock(**{"token.return_value": "t"})  # LC402
    assert await Auth(hasher).login("ada", "!") == "ada:t"
