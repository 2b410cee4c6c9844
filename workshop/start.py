"""First steps of a learner's server: copies the lessons, and limits memory.

    python start.py COMMAND…

It runs as the learner, in their own folder, and then becomes COMMAND. If the copy fails, it writes
a line to the Hub's log, and the learner still gets in. Each start updates the lessons and keeps
what the learner changed.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from loopcheck.lab.workbook import copies, team_lessons

COPY = "workbook"  # in the learner's folder


def main(command: Sequence[str]) -> None:
    """Run the first steps, and continue as *command*."""
    for trouble in (copied(_source(), Path.home() / COPY), bounded(os.environ.get("MEM_LIMIT"))):
        if trouble:
            print(f"loopcheck: {trouble}", file=sys.stderr, flush=True)
    os.execvp(command[0], list(command))


def _source() -> Path:
    """Return the folder of the lessons, which we never write to."""
    named = os.environ.get("LOOPCHECK_LESSONS")
    return Path(named) if named else copies.lessons()


def copied(source: Path, target: Path) -> str | None:
    """Update *target* from *source*; return a line if that fails."""
    if not any(source.glob("*.ipynb")):
        return f"no lesson in {source}. Set LOOPCHECK_LESSONS to the folder of the notebooks."
    try:
        list(team_lessons.refresh(source, target))
    except copies.NotOursError:
        return f"{target} holds other files than the lessons, so none were copied. Move it away."
    except OSError as refused:
        return f"the lessons can't be copied to {target}: {refused.strerror or refused}."
    return None


def bounded(limit: str | None) -> str | None:
    """Limit this process, and each that it starts, to *limit* bytes; return a line if that fails.

    A cell that needs more gets a MemoryError, and its kernel lives on. The Hub passes the limit in
    MEM_LIMIT. The limits of some spawners (systemd, a container) are for all processes together.
    """
    if not limit:
        return None
    if not sys.platform.startswith("linux"):
        return "no memory limit: only Linux can enforce one (RLIMIT_DATA)."
    import resource  # late: Windows has none, and the tests import this file there, too

    resource.setrlimit(resource.RLIMIT_DATA, (int(limit), int(limit)))
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
