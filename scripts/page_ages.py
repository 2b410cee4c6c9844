"""Says which pages of docs/ were measured on older code: `python scripts/page_ages.py`.

A page that a script measures has the day of each measurement and the commit of the package that
ran. Where the package has changed since, the page may no longer be true. To measure all of them
takes hours, so that this is a remark and fails nothing. A clone without its history can't tell.
"""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "kernel_ext/loopcheck"
STAMP = re.compile(r"\b(\d{4}-\d\d-\d\d) at `([0-9a-f]{7,40})`( with changes)?")


def measured_now(root: Path = ROOT) -> str:
    """Return today's date and the commit of the package, as a page has them."""
    day = datetime.now(UTC).date().isoformat()
    commit = _git(root, "log", "-1", "--format=%h", "--abbrev=8", "--", PACKAGE)
    if not commit:
        return day  # no repository: an archive of the source
    changes = " with changes" if _git(root, "status", "--porcelain", "--", PACKAGE) else ""
    return f"{day} at `{commit}`{changes}"


def ages(pages: Sequence[Path], root: Path = ROOT) -> list[str]:
    """Return a line for each page with measurements that are older than the package."""
    said = (_age(page, root) for page in pages)
    return [line for line in said if line]


def _age(page: Path, root: Path) -> str:
    stamps = sorted({(day, commit) for day, commit, _ in STAMP.findall(page.read_text("utf-8"))})
    since = {stamp: _changes_since(stamp[1], root) for stamp in stamps}
    name = page.relative_to(root).as_posix()
    if unknown := [commit for (_, commit), count in since.items() if count is None]:
        return f"{name}: this clone does not have commit {unknown[0]}"
    old = [stamp for stamp in stamps if since[stamp]]
    if not old:
        return ""
    day, commit = max(old, key=lambda stamp: since[stamp] or 0)
    part = "" if old == stamps else "in part "
    changes = "1 change" if since[day, commit] == 1 else f"{since[day, commit]} changes"
    return f"{name}: {part}measured {day} at {commit}, {changes} of the package ago"


def _changes_since(commit: str, root: Path) -> int | None:
    said = _git(root, "rev-list", "--count", f"{commit}..HEAD", "--", PACKAGE)
    return int(said) if said else None


def _git(root: Path, *words: str) -> str:
    """Return what git says, nothing if it can't tell."""
    try:
        said = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    return said.stdout.strip() if said.returncode == 0 else ""


def main() -> int:
    on_github = "GITHUB_ACTIONS" in os.environ
    for line in ages(sorted((ROOT / "docs").glob("*.md"))):
        page, _, rest = line.partition(": ")
        print(f"::notice file={page}::{rest}" if on_github else line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
