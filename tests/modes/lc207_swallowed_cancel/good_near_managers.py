"""Managers that let a cancellation through, and one that is asked about something else."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Quiet:
    kinds = (OSError, LookupError)

    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, error, trace):
        return kind is not None and issubclass(kind, Exception)


class Noting(Quiet):
    async def __aexit__(self, kind, error, trace):
        self.ended = True
        if kind is asyncio.CancelledError:
            return False
        return True


async def follow(kind):
    async with kind():
        await asyncio.sleep(5)


@pytest.mark.parametrize("kind", [Quiet, Noting])
async def test_the_time_runs_out(kind):
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(follow(kind), 0.05)


async def quiet():
    async with Quiet():
        await asyncio.sleep(5)


async def noting():
    async with Noting():
        await asyncio.sleep(5)


async def test_it_runs_out_in_each():
    for one in quiet, noting:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await one()


async def test_of_something_else():
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(quiet(), 0.05)
    assert Quiet.kinds == (OSError,)
