"""In GitHub Actions: findings as annotations at the lines of the pull request, and a job summary.

GitHub puts the summary's path into GITHUB_STEP_SUMMARY. Each step has its own file, and may append
to it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from loopcheck.plugin.ours import guarded

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopcheck.plugin.found import Found


class Annotations:
    """Writes both once, at the end. With `-p no:terminal` nothing calls the hook."""

    def __init__(self, found: Found) -> None:
        self.found = found

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if hasattr(self.found.config, "workerinput"):  # xdist's controller writes for all
            return
        lines: list[str] = []
        with guarded("write the job summary", lines):
            self._append_summary()
        with guarded("write annotations", lines):
            lines += self._lines()
        for line in lines:
            terminalreporter.ensure_newline()  # a command only works at the start of a line
            terminalreporter.write_line(line)

    def _append_summary(self) -> None:
        file = os.environ.get("GITHUB_STEP_SUMMARY")
        if not file:
            return
        from loopcheck.modes.diagnose import merged
        from loopcheck.plugin.reporting.summary import verdict
        from loopcheck.report import github

        failed, left = self.found.by_outcome()
        failing = self.found.failing()
        lines = verdict(len(failing), len(failing & self.found.explained))
        text = github.summary(merged(failed), merged(left), lines, self._path())
        with open(file, "a", encoding="utf-8") as summary:
            summary.write(text)

    def _lines(self) -> list[str]:
        if not self.found.findings:
            return []
        from loopcheck.modes.diagnose import merged
        from loopcheck.report import github

        failed, left = self.found.by_outcome()
        return list(github.lines(merged(failed), merged(left), self._path()))

    def _path(self) -> Callable[[str], str | None]:
        from loopcheck.plugin.reporting.repository import from_repository

        return from_repository(self.found.config.rootpath)
