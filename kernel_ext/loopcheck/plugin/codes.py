"""Parses lists of codes, `all`, `LC2xx`, `LC201,LC205`, and decides which findings to suppress."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from loopcheck.modes import catalogue
from loopcheck.source.ignore_comments import words_ignored_at

if TYPE_CHECKING:
    from loopcheck.modes.finding import Finding

ALL = "all"


def chosen(said: str, option: str, *, everything: bool = True) -> frozenset[str]:
    """Return the codes in *said*; an unknown code is a usage error."""
    found: set[str] = set()
    for word in _words(said):
        codes = set(catalogue.codes_meant_by(word)) if everything or word.lower() != ALL else set()
        if not codes:
            raise pytest.UsageError(_no_such(word, option, everything))
        found |= codes
    return frozenset(found)


def _words(said: str) -> list[str]:
    return [word for word in re.split(r"[\s,]+", said) if word]


def _no_such(word: str, option: str, everything: bool) -> str:
    codes = catalogue.codes()
    families = sorted({f"{code[:3]}xx" for code in codes})
    choices = [*([ALL] if everything else []), *families, *codes]
    near = get_close_matches(word.upper(), codes, n=3, cutoff=0.7)
    change = f" Near it: {', '.join(near)}." if near else ""
    return f"{option}: there is no `{word}`.{change} Choose from {', '.join(choices)}."


def waived(found: Finding, everywhere: frozenset[str], item: Any, root: Path) -> bool:
    """True if the ini, a mark of *item* or a comment on one of its lines suppresses *found*."""
    if found.code in everywhere or found.code in set(_by_mark(item)):
        return True
    places = (found.where, found.made_at, found.used_at)
    lines = {(place.file, place.line) for place in places if place is not None}
    return any(
        found.code in catalogue.codes_meant_by(word)
        for file, number in lines
        for word in words_ignored_at(str(root / file), number)
    )


def _by_mark(item: Any) -> Iterator[str]:
    for mark in item.iter_markers("loopcheck") if item is not None else ():
        said: str | Iterable[str] = mark.kwargs.get("ignore", ())
        for word in [said] if isinstance(said, str) else said:
            for part in _words(str(word)):
                yield from catalogue.codes_meant_by(part)
