"""`%progress` and `%start_over`."""

import os
from datetime import date
from pathlib import Path

from IPython.core.error import UsageError

from loopcheck.lab.arguments import Arguments, as_written
from loopcheck.lab.clinics import all_clinics
from loopcheck.lab.exercise_names import named
from loopcheck.lab.learner import overview, progress, progress_transfer
from loopcheck.lab.learner.standings import Standing, standings
from loopcheck.lab.magics import Table, board
from loopcheck.lab.workbook.lesson_files import lesson_stems
from loopcheck.report import html
from loopcheck.report.view import View

PARTS = ("all", "answer", "paths", "export", "import", "share", "unshare", "board")
LONGEST = 200  # characters of what is wrong with a file
USAGE = (
    "%progress [--all | --answer | --paths | --export [FILE] | --import [FILE] | "
    "--share [--name NAME] | --unshare | --board]"
)
ON_BINDER = "BINDER_"  # BINDER_REPO_URL, BINDER_LAUNCH_HOST and others, depending on its version
FORGETS = (
    "Binder forgets your progress when it stops. %progress --export writes it into the file "
    f"{progress_transfer.NAME}: download that, upload it next time, and %progress --import."
)


class ProgressMagics:
    """Shows and deletes the learner's progress."""

    def __init__(self) -> None:
        self.told = False  # that Binder forgets

    def table(self) -> Table:
        """Return the magics by kind and name."""
        return {("line", "progress"): self.progress, ("line", "start_over"): self.start_over}

    @as_written
    def progress(self, line: str) -> View | None:
        """Show where you are and which lesson is next: `%progress`.

        `--all` lists every lesson, `--paths` the paths through them by time, `--answer` the answer
        to the recall. `--export [FILE]` writes all your progress into one file, `--import [FILE]`
        adds it on another machine. In a workshop `--share [--name NAME]` shows the facilitator
        where you are, `--unshare` stops that, and `--board` shows what the facilitator sees.
        """
        parser = Arguments("%progress", USAGE)
        parser.add_argument("part", nargs="?")
        parser.add_argument("file", nargs="?", type=Path, default=Path(progress_transfer.NAME))
        parser.add_argument("--name")
        given = parser.parse_args(_as_part(parser.words(line)))
        if given.part not in (None, *PARTS):
            parser.error(f"`{given.part}` is not an option")
        if given.name is not None and given.part != "share":
            parser.error("`--name` is for --share")
        if given.part in ("export", "import"):
            print(_carry(given.part, given.file))
            return None
        if given.file != Path(progress_transfer.NAME):
            parser.error(f"`{given.file}` is one word too many")
        if given.part in ("share", "unshare"):
            board.share(given.name) if given.part == "share" else board.unshare()
            return None
        if given.part == "board":
            return board.board()
        states, troubles = standings()
        for said in (*_few(troubles), *self._forgets(), *board.sharing_lines()):
            print(said)
        day = date.today().toordinal()
        if given.part == "answer":
            return _answer(states, day)
        if given.part == "paths":
            return View(*overview.mapped(states, lesson_stems()))
        every = given.part == "all"
        return View(*overview.shown(states, lesson_stems(), everything=every, day=day))

    def _forgets(self) -> list[str]:
        """Return, once for each kernel, the line that Binder keeps nothing."""
        told, self.told = self.told, True
        here = any(name.startswith(ON_BINDER) for name in os.environ)
        return [FORGETS] if here and not told else []

    @as_written
    def start_over(self, line: str) -> None:
        """Delete the progress of an exercise or a clinic: `%start_over LC102`, `clinic_one`.

        Cells keep their text.
        """
        parser = Arguments("%start_over", "%start_over LC102, or %start_over clinic_one")
        parser.add_argument("code", metavar="LC102")
        word = parser.read(line).code
        clinic = next((one for one in all_clinics() if word in (one.stem, one.stem[3:])), None)
        if clinic is not None:
            name, stem = clinic.title.capitalize(), clinic.stem
        else:
            exercise = named(word)
            name, stem = exercise.code, exercise.stem
        done = f"{name} begins anew: its progress is deleted, your cells keep their text."
        print(progress.forget(stem) or done)


def _as_part(words: list[str]) -> list[str]:
    """Return *words* with `--all` as the part `all`: at most one part, and it may take a file."""
    return [word[2:] if word[:2] == "--" and word[2:] in PARTS else word for word in words]


def _few(troubles: list[str]) -> list[str]:
    """Return the first of *troubles*: an unreadable folder is one problem, not fifty."""
    more = len(troubles) - 1
    return [*troubles[:1], *([f"{more} other lessons: the same, or the like."] if more > 0 else [])]


def _carry(way: str, file: Path) -> str:
    """Export to *file* or import from it; return the line to print."""
    try:
        file = file.expanduser()
        if way == "export":
            return f"{file} holds your progress in {_lessons(progress_transfer.export(file))}."
        stems, troubles = progress_transfer.bring(file)
    except (progress_transfer.CarriedError, OSError, ValueError, RuntimeError) as error:
        # A name that is too long, a zero byte, ~nobody.
        said = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"%progress --{way}: {said[:LONGEST]}") from None
    added = f"Your progress in {_lessons(stems)} was added. %progress shows it."
    return "\n".join([*_few([one for one in troubles if one]), added])


def _lessons(stems: list[str]) -> str:
    return f"{len(stems)} lesson{'' if len(stems) == 1 else 's'}"


def _answer(states: list[Standing], day: int) -> View:
    """Return the answer to the recall of *day*."""
    older = overview.recalled(states, day)
    if older is None:
        raise UsageError("%progress: nothing to recall yet. Two solved exercises are needed.")
    said = overview.answer(older)
    return View(said, html.page(said))
