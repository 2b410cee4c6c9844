"""`%diagnose`: the learner names the fault of a clinic's project."""

from dataclasses import replace
from functools import partial
from time import time_ns

from IPython.core.error import UsageError

from loopcheck.lab import clinics, verdicts
from loopcheck.lab.arguments import Arguments, as_written, near
from loopcheck.lab.board import sharing
from loopcheck.lab.clinic import HEALTHY, Clinic, Patient
from loopcheck.lab.diagnosis import NoSuchPlace, judge
from loopcheck.lab.learner import progress
from loopcheck.lab.learner.standings import answers, as_lines
from loopcheck.lab.magics import Table, board
from loopcheck.lab.projects.project_files import Projects
from loopcheck.modes import catalogue

USAGE = "%diagnose PROJECT LC106 conftest.py:9, or %diagnose PROJECT healthy"


class ClinicMagics:
    """One magic, and the kernel's projects."""

    def __init__(self, projects: Projects) -> None:
        self.projects = projects

    def table(self) -> Table:
        """Return the magics by kind and name."""
        return {("line", "diagnose"): self.diagnose}

    @as_written
    def diagnose(self, line: str) -> None:
        """Name the fault of a project: `%diagnose boxoffice LC106 conftest.py:9`.

        A project without a fault is `healthy`. The verdict says how to tell the fault from its
        neighbours.
        """
        parser = Arguments("%diagnose", USAGE)
        parser.add_argument("project", metavar="PROJECT")
        parser.add_argument("answer", metavar="LC106", nargs="?")
        parser.add_argument("place", metavar="conftest.py:9", nargs="?")
        given = parser.read(line)
        clinic, patient = _find(given.project)
        if patient.project not in self.projects.names():
            raise UsageError(
                f"%diagnose {patient.project}: it is not here yet. Run the cell that begins with "
                f"%%project {patient.project} first."
            )
        if given.answer is None:
            print(_open(clinic, patient))
            return
        answer = _answer(given.answer)
        folder = self.projects.folder(patient.project)
        try:
            opinion = judge(patient, answer, given.place, folder)
        except NoSuchPlace as error:
            raise UsageError(f"%diagnose {patient.project}: {error}") from None
        signs = (
            ("✓", "[ok]") if opinion.right else ("…", "[..]") if opinion.cause else ("✗", "[no]")
        )
        sign = verdicts.mark(*signs)
        print(verdicts.paragraph(f"{sign} {opinion.said}"))
        if opinion.right:
            print(*_noted(clinic, patient, " ".join(filter(None, (answer, given.place)))), sep="\n")
        wrong = None if opinion.right else patient.project
        board.note(partial(sharing.diagnosed, stem=clinic.stem, wrong=wrong))


def _find(word: str) -> tuple[Clinic, Patient]:
    """Return the patient named *word*, and its clinic."""
    known = {
        one.project: (clinic, one) for clinic in clinics.all_clinics() for one in clinic.patients
    }
    if word in known:
        return known[word]
    raise UsageError(
        f"%diagnose: no project `{word}` in the clinics: there are {', '.join(known)}."
        f"{near(word, known)}"
    )


def _answer(word: str) -> str:
    """Return the code that *word* names, or HEALTHY."""
    mode = catalogue.find(word)
    if mode is not None:
        return mode.code
    if word.lower() == HEALTHY:
        return HEALTHY
    names = [*catalogue.codes(), *(one.slug for one in catalogue.modes()), HEALTHY]
    raise UsageError(
        f"%diagnose: no mode `{word}`: a code as in LC106, or healthy.{near(word, names)}"
    )


def _open(clinic: Clinic, patient: Patient) -> str:
    """Return the line before a diagnosis, or the earlier right answer."""
    found = answers(progress.read(clinic.stem)[0].passed)
    if patient.project in found:
        return f"{patient.project}: you found {found[patient.project]}."
    name = patient.project
    return f"{name} is open. Add the cause: a code and FILE:LINE, or the word healthy."


def _noted(clinic: Clinic, patient: Patient, answer: str) -> list[str]:
    """Save a right answer; return the open projects, and a line to print if saving failed."""
    found: dict[str, str] = {}

    def noted(state: progress.Progress) -> progress.Progress:
        found.update(answers(state.passed) | {patient.project: answer})
        return replace(state, passed=as_lines(found), tries=state.tries + 1, when=time_ns())

    trouble = progress.change(clinic.stem, noted)
    left = [one.project for one in clinic.patients if one.project not in found]
    done = (
        f"Open in {clinic.title}: {', '.join(left)}." if left else f"All of {clinic.title} found."
    )
    return [done, *([trouble] if trouble else [])]
