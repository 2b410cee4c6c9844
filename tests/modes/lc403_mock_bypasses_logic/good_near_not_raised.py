"""What is replaced raises such an error for another reason; the check is missing elsewhere."""

from unittest.mock import AsyncMock, patch

import pytest

pytestmark = pytest.mark.asyncio


class Repo:
    def __init__(self):
        self.rows, self.limit = [], 10

    async def save(self, row):
        if row in self.rows:
            raise ValueError("twice")
        self.rows.append(row)

    async def find(self, row):
        if row not in self.rows:
            return None
        raise ValueError("it is gone")

    async def load(self, row):
        for one in self.rows:
            if one == row:
                raise ValueError("locked")

    async def keep(self, row):
        total = len(self.rows) + row
        if total > self.limit:
            raise ValueError("full")

    async def drop(self, row):
        try:
            self.rows.remove(row)
        except ValueError:
            raise ValueError("not there") from None

    async def grow(self, row):
        self.limit = self.limit + row
        if self.limit == 10:
            raise ValueError("no")


class Service:
    def __init__(self, repo):
        self.repo = repo

    async def call(self, name, row):  # no check of a negative row
        await getattr(self.repo, name)(row)


@pytest.mark.parametrize("name", ["save", "find", "load", "keep", "drop", "grow"])
async def test_negative(monkeypatch, name):
    repo = Repo()
    monkeypatch.setattr(repo, name, AsyncMock())
    with pytest.raises(ValueError):
        await Service(repo).call(name, -1)


async def test_negative_of_a_class():
    repo = Repo()
    with patch.object(Repo, "save", autospec=True), pytest.raises(ValueError):
        await Service(repo).call("save", -1)
