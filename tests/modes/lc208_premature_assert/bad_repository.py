"""The order is saved in the background, behind two layers."""

import asyncio

import pytest


class Repository:
    def __init__(self):
        self._rows = {}

    async def save(self, order):
        await asyncio.sleep(0.001)
        self._rows[order["id"]] = order

    async def find(self, key):
        return self._rows.get(key)


class Service:
    def __init__(self, repository):
        self.repository = repository

    async def place(self, order):
        asyncio.get_running_loop().create_task(self._save(order))

    async def _save(self, order):
        await asyncio.sleep(0)
        await self.repository.save(order)


# name: Service._save
@pytest.mark.asyncio
async def test_place():
    repository = Repository()
    await Service(repository).place({"id": 1})
    assert await repository.find(1) is not None  # LC208
