"""`loopcheck fix`: finds faults, proves their edits in a copy, and writes them if asked."""

import os
import shlex
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TextIO

from loopcheck.cli.typed import WrongInput
from loopcheck.repair import atomic_write, mending_words, project_copy
from loopcheck.repair.edited_files import EditedFiles
from loopcheck.repair.mending import Mending, Outcome
from loopcheck.repair.stale_reports import Report, ReportError, read_report
from loopcheck.repair.test_runs import Run, Runner

FIXED, FAULTS_LEFT = 0, 1
FIRST_SECONDS = 1800.0  # for the first run; those with edits may take ten times as long as it took


class Progress:
    """What is being done and for how long, in one line of a terminal, else in a line each."""

    def __init__(self, stream: TextIO) -> None:
        self.stream, self.live = stream, stream.isatty()
        self.what, self.begun, self.shown = "", 0.0, -1

    def say(self, what: str) -> None:
        """Begin to do *what*."""
        self.clear()
        self.what, self.begun, self.shown = what, time.monotonic(), -1
        if self.live:
            self.alive()
        else:
            print(what, file=self.stream, flush=True)

    def alive(self) -> None:
        """Show that it goes on."""
        seconds = int(time.monotonic() - self.begun)
        if self.live and seconds != self.shown:
            self.shown = seconds
            width = shutil.get_terminal_size().columns - 1
            print(
                f"\r{self.what} … {seconds} s"[: width + 1],
                end="\033[K",
                file=self.stream,
                flush=True,
            )

    def clear(self) -> None:
        """Remove the line."""
        if self.live and self.what:
            print("\r\033[K", end="", file=self.stream, flush=True)
        self.what = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of the command."""

    write: bool
    every: bool  # --all
    diff: bool
    args: tuple[str, ...]  # pytest's

    @property
    def report(self) -> Path | None:
        """The report that is named instead of tests, if one is."""
        named = [word for word in self.args if not word.startswith("-")]
        return Path(named[0]) if len(named) == 1 and named[0].endswith(".json") else None

    def to_write(self) -> str:
        """Return the command that writes what this one has proved."""
        every = ["--all"] if self.every else []
        return shlex.join(["loopcheck", "fix", "--write", *every, *self.args])


def run(asked: Asked) -> int:
    """Run the command and return its exit code."""
    if find_spec("pytest") is None:
        raise WrongInput("pytest is not installed here. Try: pip install pytest")
    here = Path.cwd()
    root = project_copy.root_of(_start(asked, here))
    if finished := atomic_write.finish(root):
        print(f"Written, as a run before was killed: {_names(finished, root)}", file=sys.stderr)
    shown = Progress(sys.stderr)
    try:
        report = read_report(asked.report, root, here) if asked.report is not None else None
        with _ended_softly(), project_copy.copied(root) as copy:
            return _fixed(asked, copy, here, report, shown)
    except (project_copy.CopyError, ReportError, atomic_write.WriteError) as error:
        raise WrongInput(str(error)) from None
    except KeyboardInterrupt:
        raise WrongInput("Stopped. Nothing was changed.") from None
    except OSError as error:
        raise WrongInput(f"No copy of the project: {error.strerror or error}.") from None
    finally:
        shown.clear()


def _fixed(
    asked: Asked,
    copy: project_copy.ProjectCopy,
    here: Path,
    report: Report | None,
    shown: Progress,
) -> int:
    args = asked.args if report is None else tuple(report.args())
    runner = Runner(copy, here, args, shown.alive)
    shown.say("running the tests in a copy of the project")
    first = runner.first = runner.run(explain=True, seconds=FIRST_SECONDS)
    shown.clear()
    _check(first)
    if report is not None:
        first = report.instead_of(first)
    files = EditedFiles(copy, first.root)
    done: list[Outcome] = []
    for one in Mending(runner, files, shown.say).mend_all(first, again=asked.every):
        shown.clear()
        done.append(one)
        _show(one, asked, copy.root)
    shown.clear()
    return _ended(asked, copy.root, files, first, done)


def _check(first: Run) -> None:
    """Raise what is wrong if no test ran."""
    if first.why == "timeout":
        raise WrongInput(f"The tests did not end within {FIRST_SECONDS:.0f} seconds.")
    if not first.outcomes and not first.findings:
        print(first.output.rstrip(), file=sys.stderr)
        raise WrongInput("pytest ran no test in a copy of the project: see its output above.")


def _show(one: Outcome, asked: Asked, root: Path) -> None:
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    if not asked.diff:
        print(mending_words.outcome(one, root, colour=colour), end="\n\n", flush=True)


def _ended(
    asked: Asked, root: Path, files: EditedFiles, first: Run, done: Sequence[Outcome]
) -> int:
    """Write what is proved if that is asked for; say what was done."""
    changes = files.changes()
    if asked.diff:
        print(mending_words.patches(changes, root), end="", flush=True)
    if asked.write and changes:
        atomic_write.write(root, changes)
    written = _names(changes, root) if asked.write else ""
    failed = first.count("failed")
    to = sys.stderr if asked.diff else sys.stdout
    if done:
        print(mending_words.summary(done, written, asked.to_write()), file=to)
    elif failed:
        print(f"{_counted(failed, 'test')} failed, and nothing in the modes fits.", file=to)
    else:
        print(f"Nothing to fix: {_counted(len(first.outcomes), 'test')}, no fault.", file=to)
    fixed = all(one.proved for one in done) and (asked.write or not done)
    return FIXED if fixed and not (failed and not done) else FAULTS_LEFT


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _names(files: Iterable[Path], root: Path) -> str:
    return ", ".join(file.relative_to(root).as_posix() for file in files)


def _start(asked: Asked, here: Path) -> Path:
    """Return the folder that is in the project: of the first test that is named, else ours."""
    for word in asked.args if asked.report is None else ():
        place = here / word.partition("::")[0]
        if not word.startswith("-") and place.exists():
            return (place if place.is_dir() else place.parent).resolve()
    return here


@contextmanager
def _ended_softly() -> Iterator[None]:
    """End as after Ctrl-C when the system tells us to: the copy and the tests go, too."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), stop) for name in names}
    try:
        yield
    finally:
        for name, known in before.items():
            signal.signal(getattr(signal, name), known)
