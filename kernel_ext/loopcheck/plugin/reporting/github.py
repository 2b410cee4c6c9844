"""In GitHub Actions: what was found is also written beside the lines of the pull request."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from loopcheck.plugin.ours import guarded

if TYPE_CHECKING:
    from loopcheck.plugin.found import Found


class Annotations:
    """Writes them once, at the end. Only a terminal has that hook: no worker, no `no:terminal`."""

    def __init__(self, found: Found) -> None:
        self.found = found

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        lines: list[str] = []
        with guarded("write annotations", lines):
            lines += self._lines()
        for line in lines:
            terminalreporter.ensure_newline()  # a command counts only at the start of a line
            terminalreporter.write_line(line)

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
    """Return *file* as the repository names it; None if it is not one of its files."""
    path = (root / file).resolve()
    return path.relative_to(top).as_posix() if path.is_relative_to(top) else None
