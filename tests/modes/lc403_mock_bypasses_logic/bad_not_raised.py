"""What is replaced would have refused these very arguments."""

from unittest.mock import AsyncMock, patch

import pytest

pytestmark = pytest.mark.asyncio


class Repo:
    def __init__(self):
        self.rows = ["tea"]

    async def save(self, row, *, again=False):
        """Keep a row."""
        if not row:
            return
        if row in self.rows and not again:
            raise ValueError("twice")
        self.rows.append(row)


# findings: 2
# name: repo.save | Repo.save
async def test_twice(monkeypatch):
    repo = Repo()
    monkeypatch.setattr(repo, "save", AsyncMock())  # LC403
    with pytest.raises(ValueError):
        await repo.save("tea")


async def test_twice_of_a_class():
    repo = Repo()
    with patch.object(Repo, "save", autospec=True), pytest.raises(ValueError):  # LC403
        await repo.save(row="tea")
