"""Files as their repository names them: what reads a report in CI knows no root of pytest's."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


def from_repository(root: Path) -> Callable[[str], str | None]:
    """Return what turns a file from *root* into one from the repository; other files have none."""
    top = _top(root)

    def named(file: str) -> str | None:
        path = (root / file).resolve()
        return path.relative_to(top).as_posix() if path.is_relative_to(top) else None

    return named


def _top(root: Path) -> Path:
    """Return the repository's root: its checkout may be a folder of the workspace."""
    said = os.environ.get("GITHUB_WORKSPACE")
    workspace = Path(said).resolve() if said else None
    for folder in (root.resolve(), *root.resolve().parents):
        if (folder / ".git").exists() or folder == workspace:
            return folder
    return root.resolve()
