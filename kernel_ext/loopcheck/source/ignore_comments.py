"""Comments that accept a finding: `# loopcheck: ignore[LC107]` on a line it names."""

from __future__ import annotations

import re

from loopcheck.source import parsed_files

COMMENT = re.compile(r"#\s*loopcheck:\s*ignore\[([^\]]*)\]")


def words_ignored_at(file: str, line: int) -> tuple[str, ...]:
    """Return the words in the brackets on *line* of *file*: codes, families, slugs."""
    lines = parsed_files.text(file).splitlines()
    found = COMMENT.search(lines[line - 1]) if 0 < line <= len(lines) else None
    return tuple(re.findall(r"[^\s,]+", found[1])) if found is not None else ()
