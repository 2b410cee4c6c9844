"""In GitHub Actions: findings as annotations at the lines of the pull request, and a job summary.

GitHub puts the summary's path into GITHUB_STEP_SUMMARY. Each step has its own file, and may append
to it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from loopcheck.plugin.ours import guarded

if TYPE_CHECKING:
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
        root = self.found.config.rootpath
        top = _top(root)
        failing = self.found.failing()
        lines = verdict(len(failing), len(failing & self.found.explained))
        text = github.summary(merged(failed), merged(left), lines, lambda f: _below(top, root, f))
        with open(file, "a", encoding="utf-8") as summary:
            summary.write(text)

    def _lines(self) -> list[str]:
        if not self.found.findings:
            return []
        from loopcheck.modes.diagnose import merged
        from loopcheck.report import github

        root = self.found.config.rootpath
        top = _top(root)
        failed, left = self.found.by_outcome()
        return list(github.lines(merged(failed), merged(left), lambda f: _below(top, root, f)))


def _top(root: Path) -> Path:
    """Return the repository's root: its checkout may be a folder of the workspace."""
    said = os.environ.get("GITHUB_WORKSPACE")
    workspace = Path(said).resolve() if said else None
    for folder in (root.resolve(), *root.resolve().parents):
        if (folder / ".git").exists() or folder == workspace:
            return folder
    return root


def _below(top: Path, root: Path, file: str) -> str | None:
    """Return *file* relative to the repository; None if it is not one of its files."""
    path = (root / file).resolve()
    return path.relative_to(top).as_posix() if path.is_relative_to(top) else None
