"""Finds what a fixture needs from its test, if it ran without one: from the syntax tree."""

from __future__ import annotations

from loopcheck.source.statements import request_uses

ERRORS = (AttributeError, TypeError, KeyError, IndexError, FileNotFoundError)


def asked_of_test(error: BaseException, filename: str, line: int) -> str | None:
    """Return the expression in the line that raised *error* which needs a test."""
    return request_uses.at(filename, line) if issubclass(type(error), ERRORS) else None
