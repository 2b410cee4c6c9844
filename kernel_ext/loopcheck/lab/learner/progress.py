"""A learner's progress: one small JSON file for each lesson. The files stay on the machine."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from loopcheck.lab.exercise import Exercise
from loopcheck.lab.home import data_folder

SCHEMA = 1
LATER = ("when",)  # fields that older files lack


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The state of one lesson."""

    lesson: str  # stem
    schema: int = SCHEMA
    exercise: str = ""  # digest of the exercise that was passed
    passed: str | None = None  # the last passing answer
    hints: int = 0
    tries: int = 0
    when: int = 0  # time of the last change, in nanoseconds

    @property
    def begun(self) -> bool:
        """True if the learner did anything in this lesson."""
        return self.passed is not None or bool(self.tries or self.hints)

    def state(self, exercise: Exercise) -> str:
        """Return the state in words."""
        hints = f", {self.hints} of {len(exercise.hints)} hints taken" if self.hints else ""
        if self.passed is not None:
            same = self.exercise == exercise.digest
            return f"solved{hints}" if same else f"solved before the exercise changed{hints}"
        return f"begun{hints}" if self.begun else "not begun"


def file_of(stem: str) -> Path:
    """Return the file that keeps the progress of a lesson."""
    return data_folder() / "progress" / f"{stem}.json"


def read(stem: str) -> tuple[Progress, str | None]:
    """Return the progress of a lesson, and a line to print if its file could not be read."""
    file, nothing = file_of(stem), Progress(lesson=stem)
    try:
        text = file.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return nothing, None
    except (OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError):
            return nothing, f"The progress of {stem} cannot be read: {error.strerror} ({file})."
        text = ""
    try:
        found = json.loads(text)
        if found["schema"] > SCHEMA:
            return nothing, f"A newer loopcheck wrote the progress of {stem}. It stays unchanged."
        return from_fields(found, stem), None
    except (ValueError, KeyError, TypeError, RecursionError):
        return nothing, set_aside(file, "progress")


def from_fields(found: dict[str, object], stem: str) -> Progress:
    """Return the progress in *found*; raise ValueError, KeyError or TypeError if it holds none."""
    known = {one.name: found[one.name] for one in fields(Progress) if one.name not in LATER}
    known |= {name: found.get(name, 0) for name in LATER}
    right = all(isinstance(known[name], int) for name in ("hints", "tries", *LATER))
    if not right or not isinstance(known["passed"], str | None):
        raise ValueError("a field holds something else")
    return replace(Progress(**known), lesson=stem)  # type: ignore[arg-type]


def set_aside(file: Path, kind: str) -> str:
    """Rename a broken *file* to a free name; return the line to print."""
    number, aside = 1, file.with_suffix(".broken.json")
    while aside.exists():
        number += 1
        aside = file.with_suffix(f".broken-{number}.json")
    try:
        file.rename(aside)
    except OSError as error:
        return f"The {kind} file {file.name} is broken and stays there: {error.strerror}."
    return f"The {kind} file {file.name} was broken. It is now {aside.name}, and a new one starts."


def change(stem: str, step: Callable[[Progress], Progress]) -> str | None:
    """Apply *step* to a lesson's progress; return a line to print if it cannot be saved.

    A lesson may be open twice: what the other kernel saved meanwhile is not lost.
    """
    with alone():
        before, trouble = read(stem)
        kept = write(step(before))
        return trouble or kept


@contextmanager
def alone() -> Iterator[None]:
    """Make other kernels wait. Without locks nothing waits; each file is still written whole."""
    try:
        import fcntl  # late: Windows has none

        folder = os.open(file_of("any").parent, os.O_RDONLY)
    except (ImportError, OSError):  # nothing is saved yet
        yield
        return
    try:
        # A network folder without locks; in a browser tab, a module without them.
        with suppress(OSError, AttributeError):
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def write(progress: Progress) -> str | None:
    """Save *progress*, whole or not at all; return a line to print if that fails."""
    file = file_of(progress.lesson)
    if _is_newer(file):
        return None  # reported when it was read
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, json.dumps(asdict(progress), indent=1))
    except OSError as error:
        return (
            f"Progress is not saved: {error.strerror} ({file.parent}). The rest works. "
            "LOOPCHECK_HOME can name another folder."
        )
    return None


def replace_file(file: Path, text: str) -> None:
    """Write *text* to *file*, whole or not at all."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.stem}-", suffix=".tmp")
    try:
        with open(handle, "w", encoding="utf-8") as out:
            out.write(text)
        os.replace(name, file)
    except BaseException:
        with suppress(FileNotFoundError):  # Stop may come after the rename
            os.unlink(name)
        raise


def _is_newer(file: Path) -> bool:
    try:
        return bool(json.loads(file.read_text(encoding="utf-8"))["schema"] > SCHEMA)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False


def forget(stem: str) -> str | None:
    """Delete the progress of a lesson; return a line to print if that fails."""
    try:
        file_of(stem).unlink(missing_ok=True)
    except OSError as error:
        return f"The progress of {stem} stays: {error.strerror} ({file_of(stem)})."
    return None
