"""A patch as the watch noted it: bare, since passing tests pay for what stands here."""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Literal

Ref = Callable[[], object]
By = Literal["unittest.mock", "monkeypatch"]
Site = tuple[str, int, str]  # file, line, function

MOCKS = ("unittest.mock", "mock.mock")  # the second is the backport of PyPI


class Entry:
    """A patch, in place or undone. Its parts are gone when nobody else keeps them."""

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
        calls: int | None = None,  # of a mock; None: it counts none
        code: CodeType | None = None,  # of a function that stands there
        added: bool = False,  # there was nothing of that name
        over: bool = False,  # undone by now
        error: int | None = None,  # the id of what was raised as it was undone
        late: bool = False,  # undone by what cleans up: unittest does so before anybody asks
    ) -> None:
        self.owner, self.attribute, self.original = owner, attribute, original
        self.double, self.by, self.site, self.decorated = double, by, site, decorated
        self.kind, self.calls, self.code, self.added = kind, calls, code, added
        self.over, self.error, self.late = over, error, late
