"""One connection, first "different loop", then words that name no loop at all."""

# name: ledger["main"]
import os

import asyncpg
import pytest

ledger = {}  # LC102


@pytest.mark.asyncio(loop_scope="module")
async def test_ledger_is_opened():
    ledger["main"] = await asyncpg.connect(os.environ["POSTGRES_URL"])  # LC102
    assert await ledger["main"].fetchval("select 1") == 1


@pytest.mark.asyncio
async def test_balance():
    assert await ledger["main"].fetchval("select 2") == 2


@pytest.mark.asyncio
async def test_balance_of_last_year():  # InterfaceError: another operation is in progress
    assert await ledger["main"].fetchval("select 3") == 3
