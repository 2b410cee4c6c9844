"""What asyncio closes late changes something else than the failing line asks for."""

import asyncio

import pytest


class Store:
    open, read = 0, 0

    async def rows(self):
        self.open += 1
        try:
            for row in range(3):
                self.read += 1
                yield row
        finally:
            await asyncio.sleep(0)
            self.open -= 1


async def find(store):
    async for row in store.rows():
        if row == 1:
            raise LookupError(row)


@pytest.mark.asyncio
async def test_everything_is_read():
    store = Store()
    with pytest.raises(LookupError):
        await find(store)
    assert store.read == 3
