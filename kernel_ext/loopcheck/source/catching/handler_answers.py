"""What a function may return when it catches an error: by its code alone, as passing tests pay."""

from __future__ import annotations

from types import CodeType

BROAD = frozenset({"Exception", "BaseException"})
ALLOWS = frozenset({"ok", "allow", "allowed", "accept", "accepted", "pass", "passed", "granted"})


def says_yes(code: CodeType) -> bool:
    """Return whether *code* has a constant that means yes: known without its text."""
    return any(map(_says_yes, code.co_consts)) or any(
        name.lower() in ALLOWS for name in code.co_names
    )


def takes_all(code: CodeType) -> bool:
    """Return whether *code* names the base class of all errors."""
    return not BROAD.isdisjoint((*code.co_names, *code.co_varnames, *code.co_freevars))


def _says_yes(value: object) -> bool:
    if type(value) is tuple:
        return any(map(_says_yes, value))
    return value is True or (type(value) is str and value.lower() in ALLOWS)
