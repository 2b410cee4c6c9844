"""The fake is an `async def` as the real one is: its caller lacks the `await`."""

# findings: 2

import pytest


class Repo:
    async def find(self, key):
        raise LookupError(key)

    async def begin(self):
        raise LookupError


class FakeRepo:
    async def find(self, key):
        return {"name": "ada"}


class InMemory(Repo):
    async def begin(self):
        return self


async def name_of(repo, key):
    row = repo.find(key)  # LC202
    return row["name"]


async def saved(repo):
    session = repo.begin()  # LC202
    async with session:
        return True


# name: FakeRepo.find | InMemory.begin
@pytest.mark.asyncio
async def test_name_of():
    assert await name_of(FakeRepo(), 7) == "ada"


@pytest.mark.asyncio
async def test_saved():
    assert await saved(InMemory())
