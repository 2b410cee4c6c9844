"""Paths as they are from where pytest was started: so it shows its own, and so they are links."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Generator
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pytest

from loopcheck.faces.plugin.found import SILENT, TITLE
from loopcheck.faces.plugin.ours import guarded

if TYPE_CHECKING:
    from loopcheck.faces.plugin.found import Found

# `tests/test_jobs.py:5` and `tests/test_jobs.py::test_two`
PATH = re.compile(r"(?<![\w./@~+-])\w[\w./@~+-]*\.\w+(?=::|:\d)")


def shown(config: pytest.Config) -> Callable[[str], str]:
    """Return what puts paths from the root, where findings have them, as they are from here."""
    root, here = config.rootpath, config.invocation_params.dir
    if root == here:
        return str

    @lru_cache(1_000)
    def moved(path: str) -> str:
        with suppress(ValueError, OSError):  # on another drive there is no way from here
            if (root / path).is_file():
                return os.path.relpath(root / path, here).replace(os.sep, "/")
        return path

    return lambda said: PATH.sub(lambda one: moved(one[0]), said)


class Clickable:
    """Puts them so in the sections of reports, before a terminal shows these at the end."""

    def __init__(self, found: Found) -> None:
        self.found = found

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> Generator[None, object, object]:
        with guarded("show paths from here", self.found.notes):
            put = shown(self.found.config)
            for report in (one for every in terminalreporter.stats.values() for one in every):
                _put(report, put)
        return (yield)


def _put(report: Any, put: Callable[[str], str]) -> None:
    sections = getattr(report, "sections", [])
    sections[:] = [(name, put(said) if name == TITLE else said) for name, said in sections]
    if hasattr(report, SILENT) and type(report.longrepr) is str:  # our own verdict
        report.longrepr = put(report.longrepr)
