"""A patch as the watch recorded it: minimal, since passing tests pay for every part of it."""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Literal

Ref = Callable[[], object]
By = Literal["unittest.mock", "monkeypatch"]
Site = tuple[str, int, str]  # file, line, function

MOCKS = ("unittest.mock", "mock.mock")  # the second is the backport of PyPI


class Entry:
    """A patch, in place or undone. Its parts are gone when nothing else refers to them."""

    __slots__ = (
        *("added", "attribute", "by", "calls", "code", "decorated", "double", "error", "kind"),
        *("late", "original", "over", "owner", "site"),
    )

    def __init__(
        self,
        owner: Ref,
        attribute: str,
        original: Ref,
        double: Ref,
        by: By,
        site: Site | None = None,
        decorated: CodeType | None = None,  # `@patch` over this function
        kind: str = "",  # type of the double
        calls: int | None = None,  # of a mock; None: it does not count calls
        code: CodeType | None = None,  # of a replacement function
        added: bool = False,  # there was nothing of that name
        over: bool = False,  # undone by now
        error: int | None = None,  # the id of the error that was raised when the patch was undone
        late: bool = False,  # undone by a clean-up: unittest runs that before we can look
    ) -> None:
        self.owner, self.attribute, self.original = owner, attribute, original
        self.double, self.by, self.site, self.decorated = double, by, site, decorated
        self.kind, self.calls, self.code, self.added = kind, calls, code, added
        self.over, self.error, self.late = over, error, late
