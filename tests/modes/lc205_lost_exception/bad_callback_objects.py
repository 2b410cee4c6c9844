"""What the loop calls is an object with a `__call__`, or a `partial`: what it raises is a log."""

# findings: 2
import asyncio
from functools import partial

import pytest


class Totals:
    def __init__(self):
        self.by_kind = {"a": 0}

    def __call__(self, event):
        self.by_kind[event["kind"]] += event["n"]  # LC205


class Names:
    def __init__(self):
        self.ages = {"Ada": 36}

    def older(self, name, years):
        self.ages[name] += years  # LC205


# name: Totals.__call__
@pytest.mark.asyncio
async def test_totals():
    totals = Totals()
    for kind, number in (("a", 2), ("b", 3)):
        asyncio.get_running_loop().call_soon(totals, {"kind": kind, "n": number})
    await asyncio.sleep(0)
    assert sum(totals.by_kind.values()) == 5


# name: Names.older
@pytest.mark.asyncio
async def test_older():
    names = Names()
    asyncio.get_running_loop().call_soon(partial(names.older, years=1), "Lin")
    await asyncio.sleep(0)
    assert "Ada" in names.ages
