"""Outcomes that a test states itself: fail, raises, skip, exit codes, strict xfail, warnings."""

import asyncio
import sys
import warnings

import pytest


def test_fail():
    pytest.fail("the shop is closed")


@pytest.mark.asyncio
async def test_async_fail():
    await asyncio.sleep(0)
    pytest.fail("the shop is closed", pytrace=False)


def test_raises_nothing():
    with pytest.raises(KeyError):
        pass


@pytest.mark.asyncio
async def test_raises_something_else():
    with pytest.raises(KeyError):
        await asyncio.sleep(0)
        raise IndexError("bread")


@pytest.mark.asyncio
async def test_raises_other_words():
    with pytest.raises(RuntimeError, match="bound to a different event loop"):
        raise RuntimeError("the oven is off")


@pytest.mark.xfail(strict=True, reason="should fail")
def test_passes_against_all_expectations():
    assert True


@pytest.mark.asyncio
@pytest.mark.xfail(reason="known")
async def test_fails_as_expected():
    raise ValueError("known")


@pytest.mark.asyncio
async def test_skips():
    pytest.skip("not today")


@pytest.mark.asyncio
async def test_exits():
    sys.exit(3)


@pytest.mark.filterwarnings("error")
@pytest.mark.asyncio
async def test_warns():
    warnings.warn("stale bread", UserWarning, stacklevel=1)


@pytest.mark.asyncio
async def test_warns_nothing():
    with pytest.warns(DeprecationWarning):
        await asyncio.sleep(0)
