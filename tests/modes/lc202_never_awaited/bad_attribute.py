"""What the coroutine would return is asked for an attribute."""

import pytest


class User:
    async def load(self):
        return self


# name: User.load
@pytest.mark.asyncio
async def test_load():
    user = User().load()  # LC202
    assert user.name == "ada"
