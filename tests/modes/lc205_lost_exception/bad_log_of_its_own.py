"""The test reads a log, but not what asyncio writes there: the error still reached nobody."""

import asyncio
import logging

import pytest


async def load(name):
    raise LookupError(name)


# name: load
@pytest.mark.parametrize("backend", ["asyncio"])
@pytest.mark.asyncio
async def test_load(backend, caplog):
    logging.warning("loading ada")
    await asyncio.wait([asyncio.create_task(load("ada"))])  # LC205
    assert "loading" in caplog.text
