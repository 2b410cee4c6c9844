import pool
import pytest


@pytest.fixture(autouse=True)
def slots():
    pool.SLOTS.clear()
    yield pool.SLOTS
