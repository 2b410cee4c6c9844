"""A mock returns one coroutine each time that it is called."""
# name: self.db.get()

from unittest.mock import Mock

import pytest


async def row():
    return {"name": "tea"}


class Menu:
    def __init__(self, db):
        self.db = db

    async def names(self, *numbers):
        return [(await self.db.get(number))["name"] for number in numbers]


@pytest.mark.asyncio
async def test_two_names():
    db = Mock()
    db.get.return_value = row()  # LC202
    assert await Menu(db).names(1, 2) == ["tea", "tea"]
