"""Long steps that compute: slow, but they wait for nobody."""

import gc
import hashlib
import time

import pytest

pytestmark = pytest.mark.asyncio


async def test_counts():
    end = time.perf_counter() + 0.3
    while time.perf_counter() < end:
        sum(range(1_000))


async def test_hashes():
    end = time.perf_counter() + 0.3
    while time.perf_counter() < end:
        hashlib.pbkdf2_hmac("sha256", b"secret", b"salt", 20_000)


async def test_collects():
    rows = [[n] for n in range(300_000)]
    gc.collect()
    assert sorted(rows)
