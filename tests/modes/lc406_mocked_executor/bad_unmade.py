"""In a test without a loop the future that the double is to hand out can't be made."""

# name: export.ThreadPoolExecutor | concurrent.futures.ThreadPoolExecutor

import asyncio
import concurrent.futures
from unittest.mock import patch

import pytest


def export(rows):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return pool.submit(len, rows).result()


@pytest.mark.asyncio
async def test_before():
    await asyncio.sleep(0)


def test_export():
    with patch("concurrent.futures.ThreadPoolExecutor") as pool:  # LC406
        job = asyncio.Future()
        job.set_result(2)
        pool.return_value.__enter__.return_value.submit.return_value = job
        assert export([1, 2]) == 2
