"""A limit for the whole test ends it: its clock stands still, so no sleep can end."""

import asyncio
from unittest.mock import patch

import pytest
from freezegun import freeze_time

# findings: 3
# name: time.monotonic


async def send(mails, failures):
    for delay in range(1, failures + 1):
        await asyncio.sleep(delay / 100)
    mails.append("report")


@pytest.fixture
def new_year():
    with freeze_time("2031-01-01"):  # LC411
        yield


@pytest.mark.asyncio
async def test_a_report_is_sent_again(new_year):
    mails = []
    await send(mails, 2)
    assert mails == ["report"]


@pytest.mark.asyncio
async def test_a_report_in_a_task():
    with patch("time.monotonic", return_value=8.0):  # LC411
        await asyncio.gather(send([], 1), asyncio.sleep(0))


@pytest.mark.asyncio
async def test_a_limit_of_its_own():
    with freeze_time("2031-01-01"):  # LC411
        await asyncio.wait_for(asyncio.Event().wait(), 0.02)
