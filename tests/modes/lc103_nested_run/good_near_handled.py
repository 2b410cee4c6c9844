"""A slip in tests whose loops are started where none runs, one after another."""

import asyncio
import logging

import pytest


async def fetch():
    await asyncio.sleep(0)
    return {"tax": 19}


def load():
    try:
        return asyncio.run(fetch())
    except RuntimeError:
        return {"tax": 0}


def failing():
    try:
        raise RuntimeError("no settings")
    except RuntimeError:
        logging.exception("going on without")
        return {"tax": 0}


def test_synchronous():
    assert load()["tax"] == 7


@pytest.mark.asyncio
async def test_in_a_thread():
    assert (await asyncio.to_thread(load))["tax"] == 7


@pytest.mark.asyncio
async def test_another_error_is_logged():
    assert failing()["tax"] == 7
