"""What the options and the ini ask for."""

from __future__ import annotations

from typing import NamedTuple

NO_CODES: frozenset[str] = frozenset()


class Asked(NamedTuple):
    """The options, each with its ini twin."""

    show: bool
    keep: bool
    json: str | None
    fail: str = ""
    ignore: str = ""
    again: bool = False
    blocked: str = "0.1"
    hang: str = ""
    store: bool = False


class Codes(NamedTuple):
    """The codes that they name."""

    fail: frozenset[str] = NO_CODES
    ignore: frozenset[str] = NO_CODES


def codes_of(asked: Asked) -> Codes:
    """Return the codes that *asked* names; one that doesn't exist is a usage error."""
    if not (asked.fail or asked.ignore):
        return Codes()
    from loopcheck.faces.plugin import codes  # late: it reads the names of all modes

    return Codes(
        fail=codes.chosen(asked.fail, "--loopcheck-fail"),
        ignore=codes.chosen(asked.ignore, "loopcheck_ignore", everything=False),
    )
