"""A whole repair: copies the project, runs its tests there, mends what they show, writes it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from loopcheck.repair import atomic_write, project_copy, stale_reports
from loopcheck.repair.edited_files import EditedFiles
from loopcheck.repair.mending import Mending, Outcome
from loopcheck.repair.project_copy import CopyError
from loopcheck.repair.test_runs import Run, Runner

# For the first run; those with edits may take ten times as long as it took.
FIRST_SECONDS = 1800.0


class RepairError(Exception):
    """One line on why nothing can be mended; *output* is what pytest said."""

    def __init__(self, said: str, output: str = "") -> None:
        super().__init__(said)
        self.output = output


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to mend: the project around a folder, by pytest's arguments or by a report."""

    here: Path
    args: tuple[str, ...] = ()
    every: bool = False  # go on until nothing new is found

    @property
    def report(self) -> Path | None:
        """The report that is named instead of tests, if one is."""
        named = [word for word in self.args if not word.startswith("-")]
        return Path(named[0]) if len(named) == 1 and named[0].endswith(".json") else None

    @property
    def root(self) -> Path:
        """The root of the project around the folder, or of the tests if they are outside of it."""
        for word in self.args if self.report is None else ():
            place = (self.here / word.partition("::")[0]).resolve()
            if not word.startswith("-") and place.exists() and not place.is_relative_to(self.here):
                return project_copy.root_of(place if place.is_dir() else place.parent)
        return project_copy.root_of(self.here)


@dataclass(frozen=True, slots=True)
class Session:
    """A repair that has run the tests as they are; `outcomes` does the rest."""

    root: Path
    first: Run
    outcomes: Iterator[Outcome]
    files: EditedFiles

    def changes(self) -> Mapping[Path, tuple[bytes, bytes]]:
        """Return the project's files that the proved edits change: bytes before and after."""
        return self.files.changes()

    def write(self) -> None:
        """Write what is proved into the project: all files, or none."""
        if changes := self.changes():
            atomic_write.write(self.root, changes)

    def names(self) -> str:
        return names(self.changes(), self.root)


def names(files: Iterable[Path], root: Path) -> str:
    """Return the names of *files* in the project."""
    return ", ".join(file.relative_to(root).as_posix() for file in files)


@contextmanager
def begun(
    wanted: Wanted, say: Callable[[str], None], alive: Callable[[], None]
) -> Iterator[Session]:
    """Yield a repair that has run the tests in a copy; the copy goes when the block ends.

    *say* gets what is done now; *alive* is called several times per second.
    """
    root = wanted.root
    report = None
    try:
        if wanted.report is not None:
            report = stale_reports.read_report(wanted.report, root, wanted.here)
        with _ended_softly(), project_copy.copied(root) as copy:
            args = wanted.args if report is None else tuple(report.args())
            runner = Runner(copy, wanted.here, args, alive)
            say("running the tests in a copy of the project")
            first = runner.first = _first_run(runner)
            if report is not None:
                first = report.instead_of(first)
            files = EditedFiles(copy, first.root)
            mending = Mending(runner, files, say)
            yield Session(root, first, mending.mend_all(first, again=wanted.every), files)
    except (CopyError, stale_reports.ReportError, atomic_write.WriteError) as error:
        raise RepairError(str(error)) from None
    except BrokenPipeError:  # `| head` has read enough
        raise
    except OSError as error:  # a full disk
        raise RepairError(f"The copy can't be written: {error.strerror or error}.") from None


def _first_run(runner: Runner) -> Run:
    first = runner.run(explain=True, seconds=FIRST_SECONDS)
    if first.why == "timeout":
        raise RepairError(f"The tests did not end within {FIRST_SECONDS:.0f} seconds.")
    if not first.outcomes and not first.findings:
        said = "pytest ran no test in a copy of the project: see its output above."
        raise RepairError(said, first.output.rstrip())
    return first


@contextmanager
def _ended_softly() -> Iterator[None]:
    """End as after Ctrl-C when the system tells us to: the copy and the tests go, too."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    found = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), stop) for name in found}
    try:
        yield
    finally:
        for name, known in before.items():
            signal.signal(getattr(signal, name), known)
