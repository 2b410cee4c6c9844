"""The coroutine has a name, and is asked whether it is None: it never is."""

from unittest.mock import AsyncMock

import pytest


class Users:
    def __init__(self, session):
        self.session = session

    async def find(self, name):
        result = await self.session.execute(name)
        user = result.scalar_one_or_none()
        if user is None:
            raise LookupError(name)
        return user


# name: session.execute().scalar_one_or_none
@pytest.mark.asyncio
async def test_nobody():
    session = AsyncMock()  # LC402
    session.execute.return_value.scalar_one_or_none.return_value = None
    with pytest.raises(LookupError):
        await Users(session).find("ann")
