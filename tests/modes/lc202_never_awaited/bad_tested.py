"""The coroutine has a name that is only asked whether it is true: it is, whatever it would say."""

import pytest


class Keys:
    async def knows(self, key):
        return key == "k1"


keys = Keys()


async def enter(key):
    known = keys.knows(key)  # LC202
    if not known:
        return 401
    return 200


# name: Keys.knows
@pytest.mark.asyncio
async def test_a_wrong_key_is_refused():
    assert await enter("k2") == 401
