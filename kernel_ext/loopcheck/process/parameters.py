"""The parameters of a code object: `co_varnames` begins with them, and goes on with other names."""

from __future__ import annotations

from types import CodeType, FunctionType


def first(code: CodeType) -> str | None:
    """Return the first parameter, in a method `self`."""
    return code.co_varnames[0] if code.co_argcount else None


def positional(code: CodeType) -> tuple[str, ...]:
    """Return the parameters that take arguments by their place."""
    return code.co_varnames[: code.co_argcount]


def keyword_only(code: CodeType) -> tuple[str, ...]:
    """Return the parameters after `*`."""
    return code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]


def named(code: CodeType) -> tuple[str, ...]:
    """Return the parameters that a call can name, without `*args` and `**kwargs`."""
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def defaults(function: FunctionType) -> dict[str, object]:
    """Return the parameters of *function* that a call can leave out, with what they then are."""
    given = function.__defaults__ or ()
    names = positional(function.__code__)
    by_place = zip(names[len(names) - len(given) :], given, strict=False)
    return {**dict(by_place), **(function.__kwdefaults__ or {})}
