"""The values of the options and the ini settings."""

from __future__ import annotations

NO_CODES: frozenset[str] = frozenset()


class Asked:
    """The options, each with its ini setting."""

    __slots__ = (
        *("again", "blocked", "fail", "format", "hang", "ignore", "json", "keep", "sarif"),
        *("show", "store"),
    )

    def __init__(
        self,
        show: bool,
        keep: bool,
        json: str | None,
        fail: str = "",
        ignore: str = "",
        again: bool = False,
        blocked: str = "0.1",
        hang: str = "",
        store: bool = False,
        sarif: str | None = None,
        format: str = "",
    ) -> None:
        self.show, self.keep, self.json, self.fail = show, keep, json, fail
        self.ignore, self.again, self.blocked, self.hang = ignore, again, blocked, hang
        self.store, self.sarif, self.format = store, sarif, format


class Codes:
    """The codes in them."""

    __slots__ = ("fail", "ignore")

    def __init__(
        self,
        fail: frozenset[str] = NO_CODES,
        ignore: frozenset[str] = NO_CODES,
    ) -> None:
        self.fail, self.ignore = fail, ignore


def codes_of(asked: Asked) -> Codes:
    """Return the codes in *asked*; an unknown one is a usage error."""
    if not (asked.fail or asked.ignore):
        return Codes()
    from loopcheck.plugin import codes  # late: it reads the names of all modes

    return Codes(
        fail=codes.chosen(asked.fail, "--loopcheck-fail"),
        ignore=codes.chosen(asked.ignore, "loopcheck_ignore", everything=False),
    )
