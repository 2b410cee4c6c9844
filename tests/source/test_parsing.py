"""A text is parsed on whatever stack, and whatever is parsed beside it."""

import ast
import contextlib
import gc
import sys
from collections.abc import Callable, Iterator

import pytest

from loopcheck import collector
from loopcheck.source import parsed_files, parsing

TEXT = "rows = [" + ", ".join(f"pay(order, {n})" for n in range(500)) + "]"


class Parsing:
    """Garbage whose end parses, as logging a traceback does."""

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        with contextlib.suppress(SystemError):
            ast.parse("1")


def _at_depth(frames: int, call: Callable[[], object]) -> object:
    return _at_depth(frames - 1, call) if frames else call()


def _depth() -> int:
    frame, count = sys._getframe(), 0
    while frame.f_back is not None:
        frame, count = frame.f_back, count + 1
    return count


def test_a_text_is_parsed_where_the_stack_has_no_room_for_its_tree() -> None:
    deep = f"x = {'-' * 60}1"
    left = sys.getrecursionlimit() - _depth()
    if sys.version_info < (3, 12):  # later ones count the stack of C apart
        with pytest.raises(RecursionError):
            _at_depth(left - 15, lambda: ast.parse(deep))
    parsed_files.forget()
    assert isinstance(_at_depth(left - 15, lambda: parsed_files.parse(deep)), ast.Module)


def test_a_text_that_is_too_deep_for_any_stack_has_no_tree() -> None:
    assert parsing.parsed("x = " + "-" * 50_000 + "1") is None


def test_a_text_is_parsed_though_others_parse_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where a user's code switches the collector on again."""

    @contextlib.contextmanager
    def not_still() -> Iterator[None]:
        yield

    monkeypatch.setattr(collector, "still", not_still)
    before = gc.get_threshold()
    gc.collect()
    Parsing()
    gc.set_threshold(50)
    try:
        found = parsing.parsed(TEXT)
    finally:
        gc.set_threshold(*before)
    assert isinstance(found, ast.Module)
