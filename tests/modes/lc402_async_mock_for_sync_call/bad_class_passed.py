"""A dataclass and a table create the mock: the line that uses them has no name of its class."""

# name: deps.store.rows | clock.now
# findings: 2
from collections import defaultdict
from dataclasses import dataclass, field
from unittest.mock import AsyncMock

import pytest


@dataclass
class Deps:
    store: AsyncMock = field(default_factory=AsyncMock)  # LC402


MOCKS = defaultdict(AsyncMock)  # LC402


async def total(deps):
    return sum(deps.store.rows())


@pytest.mark.asyncio
async def test_total():
    deps = Deps()
    deps.store.rows.return_value = [1, 2]
    assert await total(deps) == 3


def test_now():
    clock = MOCKS["clock"]
    clock.now.return_value = 3
    assert clock.now() + 1 == 4
