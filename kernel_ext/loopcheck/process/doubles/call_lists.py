"""The list of calls that a mock keeps, and the attributes by which a test reads it."""

from __future__ import annotations

from types import FunctionType
from typing import Any

from loopcheck.process import objects

LISTS = frozenset({"call_args_list", "await_args_list"})  # `mock_calls` has its children's, too
COUNTS = frozenset({"call_count", "await_count"})


def of(mock: object) -> list[Any] | None:
    """Return the calls of *mock*, None if it keeps none: a new list after `reset_mock()`."""
    delegate = objects.peek(mock, "_mock_delegate")
    kept = delegate.__dict__.get("call_args_list") if type(delegate) is FunctionType else None
    found: Any = kept if kept is not None else objects.peek(mock, "_mock_call_args_list")
    return found if objects.is_a(found, list) else None


def attribute(owner: object, name: str) -> object:
    """Return what `owner.name` is, as `meaning` asks; for a mock's lists, its calls."""
    if name in LISTS and objects.is_mock(owner) and (calls := of(owner)) is not None:
        return calls
    return objects.attribute(owner, name)
