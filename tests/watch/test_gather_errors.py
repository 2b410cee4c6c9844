"""What a gather returns as results: its errors, where they were raised, and who awaits them."""

import asyncio
from asyncio import tasks
from collections.abc import Iterator

import pytest

from loopcheck.watch import gather_errors


@pytest.fixture
def watched() -> Iterator[None]:
    undo = gather_errors.install()
    yield
    undo()


async def fails() -> None:
    await asyncio.sleep(0)
    raise KeyError("rum")


async def waits() -> None:
    await asyncio.sleep(3600)


async def gathers() -> None:
    late = asyncio.ensure_future(waits())
    late.cancel()
    await asyncio.gather(fails(), late, return_exceptions=True)


@pytest.mark.usefixtures("watched")
def test_an_error_is_noted_with_its_line_and_the_line_that_waits() -> None:
    asyncio.run(gathers())
    [entry] = gather_errors.in_this_test()
    assert (entry.type, entry.said) == ("KeyError", "rum")
    assert [code.co_name for code, *_ in entry.raised] == ["fails"]
    assert [code.co_name for code, _ in entry.awaited] == ["gathers"]
    assert {"LookupError", "Exception"} < set(entry.kinds)


@pytest.mark.usefixtures("watched")
def test_results_and_an_error_that_is_raised_are_not_noted() -> None:
    async def settles() -> None:
        await asyncio.gather(asyncio.sleep(0), return_exceptions=True)
        with pytest.raises(KeyError):
            await asyncio.gather(fails())

    asyncio.run(settles())
    assert gather_errors.in_this_test() == []


def test_nothing_of_the_hook_is_left() -> None:
    before = dict(vars(tasks._GatheringFuture))  # type: ignore[attr-defined]
    gather_errors.install()()
    assert dict(vars(tasks._GatheringFuture)) == before  # type: ignore[attr-defined]
