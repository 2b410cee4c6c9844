"""What a learner's server does first: their copy of the lessons, and a bound on their memory.

    python start.py COMMAND…

It runs as the learner, in their own folder, and then becomes COMMAND. A copy that cannot be made is
told in the Hub's log and keeps nobody out. Run again it brings what is new in the lessons: what
a learner changed stays as it is.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from loopcheck.lab import copies, team_lessons

COPY = "workbook"  # in the learner's folder


def main(command: Sequence[str]) -> None:
    """Do what is to be done first, and go on as *command*."""
    for trouble in (copied(_source(), Path.home() / COPY), bounded(os.environ.get("MEM_LIMIT"))):
        if trouble:
            print(f"loopcheck: {trouble}", file=sys.stderr, flush=True)
    os.execvp(command[0], list(command))


def _source() -> Path:
    """Return the folder of the lessons, which nothing here ever writes to."""
    named = os.environ.get("LOOPCHECK_LESSONS")
    return Path(named) if named else copies.lessons()


def copied(source: Path, target: Path) -> str | None:
    """Bring *target* up to *source*; return a line if that is not possible."""
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
    """Hold this process, and each that it starts, to *limit* bytes of its own; a line if it can't.

    A cell that wants more gets a MemoryError, and its kernel lives. The Hub tells the limit in
    MEM_LIMIT; what some spawners hold besides (systemd, a container) is for all processes together.
    """
    if not limit:
        return None
    if not sys.platform.startswith("linux"):
        return "no memory limit: only Linux holds a process to one (RLIMIT_DATA)."
    import resource  # late: Windows has none, and the tests read this file there, too

    resource.setrlimit(resource.RLIMIT_DATA, (int(limit), int(limit)))
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
