"""`loopcheck fix`: finds faults, proves their edits in a copy, and writes them if asked."""

import os
import shlex
import shutil
import sys
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TextIO

from loopcheck.cli.typed import WrongInput
from loopcheck.repair import atomic_write, mending_words, session
from loopcheck.repair.mending import Outcome
from loopcheck.repair.session import RepairError, Session, Wanted

FIXED, FAULTS_LEFT = 0, 1


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
            line = f"{self.what} … {seconds} s"[: shutil.get_terminal_size().columns - 1]
            print(f"\r{line}\033[K", end="", file=self.stream, flush=True)

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
    args: tuple[str, ...]  # pytest's, or a report

    def to_write(self) -> str:
        """Return the command that writes what this one has proved."""
        every = ["--all"] if self.every else []
        return shlex.join(["loopcheck", "fix", "--write", *every, *self.args])


def run(asked: Asked) -> int:
    """Run the command and return its exit code."""
    if find_spec("pytest") is None:
        raise WrongInput("pytest is not installed here. Try: pip install pytest")
    wanted = Wanted(Path.cwd(), asked.args, asked.every)
    root = wanted.root
    if finished := atomic_write.finish(root):
        said = f"Written, as a run before was killed: {session.names(finished, root)}"
        print(said, file=sys.stderr)
    shown = Progress(sys.stderr)
    try:
        with session.begun(wanted, shown.say, shown.alive) as repair:
            shown.clear()
            done: list[Outcome] = []
            for one in repair.outcomes:
                shown.clear()
                done.append(one)
                if not asked.diff:
                    _show(one, repair)
            shown.clear()
            return _ended(asked, repair, done)
    except RepairError as error:
        if error.output:
            print(error.output, file=sys.stderr)
        raise WrongInput(str(error)) from None
    except KeyboardInterrupt:
        raise WrongInput("Stopped. Nothing was changed.") from None
    finally:
        shown.clear()


def _show(one: Outcome, repair: Session) -> None:
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    print(mending_words.outcome(one, repair.root, colour=colour), end="\n\n", flush=True)


def _ended(asked: Asked, repair: Session, done: list[Outcome]) -> int:
    """Write what is proved if `--write` says so; print what was done."""
    if asked.diff:
        print(mending_words.patches(repair.changes(), repair.root), end="", flush=True)
    if asked.write:
        repair.write()
    written = repair.names() if asked.write else ""
    to = sys.stderr if asked.diff else sys.stdout
    print(mending_words.summary(repair.first, done, written, asked.to_write()), file=to)
    if not done:
        return FAULTS_LEFT if repair.first.count("failed") else FIXED
    return FIXED if asked.write and all(one.proved for one in done) else FAULTS_LEFT
