"""The connection that a store keeps is closed, and sqlite3, written in C, shows nothing of it."""

# name: store.rows
import sqlite3

import pytest


class Store:
    def __init__(self):
        self.rows = sqlite3.connect(":memory:")

    def count(self):
        return self.rows.execute("select 1").fetchall()

    async def stop(self):
        self.rows.close()


@pytest.mark.asyncio
async def test_a_store_counts():
    store = Store()
    await store.stop()  # LC604
    assert store.count() == [(1,)]
