"""The code goes on with defaults when its loop can't be started: only a value is wrong."""

# name: fetch | load
# findings: 3
import asyncio
import logging

import pytest

pytestmark = pytest.mark.asyncio
DEFAULTS = {"tax": 0}


async def fetch():
    await asyncio.sleep(0)
    return {"tax": 19}


async def load():
    await asyncio.sleep(0)
    return {"tax": 19}


def quiet():
    try:
        return asyncio.run(fetch())  # LC103
    except RuntimeError:
        return DEFAULTS


def logged():
    try:
        return asyncio.run(load())  # LC103
    except Exception:
        logging.exception("no settings, going on without")
        return DEFAULTS


class Rates:
    def tax(self):
        runner = asyncio.Runner()
        try:
            return runner.run(fetch())["tax"]  # LC103
        except Exception as error:
            return type(error).__name__


async def test_the_tax_is_added():
    assert 100 + quiet()["tax"] == 119


async def test_the_log_tells():
    assert logged() == {"tax": 19}


async def test_a_runner():
    assert Rates().tax() == 19
