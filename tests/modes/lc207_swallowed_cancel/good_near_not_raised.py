"""A test expects a cancellation that its code never raises, or that any of two may have taken."""

import asyncio

import pytest


async def open_():
    return "bread"


async def serve(cook):
    try:
        return await cook()
    except asyncio.CancelledError:
        print("closed")
        raise


@pytest.mark.asyncio
async def test_nothing_cancels_it():
    with pytest.raises(asyncio.CancelledError):
        await serve(open_)  # fails: the kitchen is open


async def one(cook):
    try:
        return await cook()
    except BaseException:
        return None


async def two(cook):
    try:
        return await one(cook)
    except asyncio.CancelledError:
        return None


@pytest.mark.asyncio
async def test_either_may_have_taken_it():
    with pytest.raises(asyncio.CancelledError):
        await two(open_)


@pytest.mark.asyncio
async def test_another_error_is_expected():
    with pytest.raises(KeyError):
        await one(open_)
