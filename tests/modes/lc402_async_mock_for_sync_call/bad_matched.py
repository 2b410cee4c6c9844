"""A `match`, an `all` and a `filter` test coroutines: nothing is raised."""

# name: made.kind | made.ok | made.has
# findings: 3
from unittest.mock import AsyncMock

import pytest

pytestmark = pytest.mark.asyncio


async def size(store):
    match store.kind():
        case "small":
            return 1
        case _:
            return 9


async def is_sound(store, names):
    return all(store.ok(one) for one in names)


async def known(store, names):
    return list(filter(lambda one: store.has(one), names))


async def test_size():
    made = AsyncMock()  # LC402
    made.kind.return_value = "small"
    assert await size(made) == 1


async def test_sound():
    made = AsyncMock()  # LC402
    made.ok.return_value = False
    assert not await is_sound(made, ["ann"])


async def test_known():
    made = AsyncMock()  # LC402
    made.has.return_value = False
    assert await known(made, ["ann"]) == []
