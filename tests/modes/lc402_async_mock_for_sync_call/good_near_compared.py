"""Coroutines are tested or compared, and the results would have had the same outcome."""

from unittest.mock import AsyncMock, MagicMock

import pytest

pytestmark = pytest.mark.asyncio
FULL = 7


async def state(store):
    if store.left() == 0:
        return "full"
    if store.left() == FULL:
        return "empty"
    return "open" if store.is_open() else "closed"


def store(left, **said):
    made = AsyncMock()
    made.left.return_value = left
    made.is_open.side_effect = said.get("side_effect")
    return made


async def test_something_left():
    assert await state(store(3)) == "open"


async def test_not_known_without_running_it():
    assert await state(store(FULL)) == "open"


async def test_it_would_raise():
    assert await state(store(3, side_effect=OSError)) == "open"


async def test_fails_for_another_reason():
    assert await state(store(3)) == "full"


async def test_a_sync_child():
    made = store(3)
    made.is_open = MagicMock(return_value=False)
    assert await state(made) == "closed"
