"""Of what failing lines have names for, only what was not begun can still be warned about."""

import asyncio

import pytest

from loopcheck.process import held_names


async def work() -> None:
    pass


async def fails() -> None:
    runs, waits = asyncio.current_task(), work()
    assert runs is not None
    own = runs.get_coro()
    assert waits is None, own


def test_a_coroutine_that_has_begun_is_not_kept_in_mind() -> None:
    with pytest.raises(AssertionError) as seen:
        asyncio.run(fails())
    [known] = held_names.coroutines(seen.value).values()
    held = known()
    assert held is not None
    assert held.__qualname__ == "work"
    held.close()


class Ledger:
    def __init__(self) -> None:
        self.open = [work()]


def test_a_coroutine_that_an_object_with_a_name_keeps_in_a_list_is_kept_in_mind() -> None:
    ledger = Ledger()  # no other name leads to its coroutine
    with pytest.raises(AssertionError) as seen:
        raise AssertionError
    assert list(held_names.coroutines(seen.value)) == [id(ledger.open[0])]
    ledger.open[0].close()
