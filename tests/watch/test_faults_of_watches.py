"""What goes wrong in a watch is kept as a line: where, and what; once, and no more than a few."""

import builtins
from collections.abc import Callable, Iterator

import pytest

from loopcheck.watch import faults, hooks


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    faults.seen.clear()


class Loop:
    """Has a method that is watched."""

    def close(self) -> str:
        return "closed"


def close_with(note: Callable[..., None]) -> str:
    undo = hooks.hooked(Loop, "close", note)
    try:
        return Loop().close()
    finally:
        undo()


def fails(*_: object) -> None:
    raise KeyError("a secret that a line must not show")


def finds_the_stack_full(*_: object) -> None:
    raise RecursionError  # made, not met: 3.13.0 goes on and on, until there is no memory left


def test_the_place_is_kept_once_and_the_method_runs() -> None:
    assert [close_with(fails) for _ in range(3)] == ["closed"] * 3
    line = fails.__code__.co_firstlineno + 1
    assert faults.seen == [f"KeyError at test_faults_of_watches.py:{line}"]


def test_no_more_than_a_few_are_kept() -> None:
    for number in range(10):
        kind = type(f"Odd{number}", (Exception,), {})

        def odd(*_: object, kind: type[Exception] = kind) -> None:
            raise kind

        close_with(odd)
    assert len(faults.seen) == faults.MOST


def test_a_stack_that_is_full_is_no_fault_of_ours() -> None:
    assert close_with(finds_the_stack_full) == "closed"
    assert not faults.seen


@pytest.mark.parametrize("name", ["isinstance", "issubclass", "len", "type"])
def test_a_note_raises_nothing_where_a_test_has_replaced_what_it_asks(
    name: str,
) -> None:
    def replaced(*_: object) -> None:
        raise RuntimeError(name)

    def fails_late(*_: object) -> None:
        setattr(builtins, name, replaced)
        raise KeyError(name)

    theirs = getattr(builtins, name)
    try:
        closed = close_with(fails_late)
    finally:
        setattr(builtins, name, theirs)
    assert closed == "closed"
