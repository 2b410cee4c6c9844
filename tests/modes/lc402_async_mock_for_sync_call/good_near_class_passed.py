"""A dataclass creates mocks of both kinds, each the right one; the test fails otherwise."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from unittest.mock import AsyncMock, MagicMock

import pytest

MOCKS = defaultdict(AsyncMock)


@dataclass
class Deps:
    store: AsyncMock = field(default_factory=AsyncMock)
    clock: MagicMock = field(default_factory=MagicMock)


@lru_cache
def deps():
    made = Deps()
    made.clock.now.return_value = 3
    made.store.read.return_value = 4
    return made


async def age():
    return deps().clock.now() - await deps().store.read()


@pytest.mark.asyncio
async def test_age():
    MOCKS["log"].write.return_value = None
    await MOCKS["log"].write("age")
    assert await age() == 1
