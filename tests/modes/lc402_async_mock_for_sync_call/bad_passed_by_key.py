"""A service logs what a row of its answer says. The logger and the session are mocks."""

# passes
from unittest.mock import AsyncMock, MagicMock

import pytest


class Audit:
    def __init__(self, session, log):
        self.session, self.log = session, log

    async def note(self, user):
        answer = await self.session.get(f"/users/{user}")
        self.log.info("seen", user=answer.json())
        return True


# name: session.get().json
@pytest.mark.asyncio
async def test_a_user_is_noted():
    session = AsyncMock()  # LC402
    assert await Audit(session, MagicMock()).note("ann")
    session.get.assert_awaited_once_with("/users/ann")
