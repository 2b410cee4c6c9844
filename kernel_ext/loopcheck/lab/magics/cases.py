"""`%case` writes a case study, `%%mend` and `%%plant` change it, `%case NAME --proof` sums up."""

import re

from IPython.core.error import UsageError

from loopcheck.lab.arguments import Arguments, as_written, near
from loopcheck.lab.case_studies import case_runs, case_words, cases
from loopcheck.lab.case_studies.cases import Case
from loopcheck.lab.magics import Table
from loopcheck.lab.projects import diffs
from loopcheck.lab.projects.project_files import ProjectError, Projects
from loopcheck.lab.stopped_cell import Stopped
from loopcheck.report.view import View

USAGE = "%case NAME [FILE [10-25]], or %case NAME --proof"
LINES = re.compile(r"([1-9]\d*)-([1-9]\d*)")


class CaseMagics:
    """Three magics, and the kernel's cases."""

    def __init__(self, projects: Projects) -> None:
        self.projects = projects
        self.taken: dict[str, Case] = {}

    def table(self) -> Table:
        """Return the magics by kind and name."""
        return {
            ("line", "case"): self.case,
            ("cell", "mend"): self.mend,
            ("cell", "plant"): self.plant,
        }

    @as_written
    def case(self, line: str) -> View | None:
        """Write a case study as it was found: `%case limiter`. `%pytest limiter` runs its tests.

        `%case limiter tests/conftest.py` shows a file as it is now, `… 10-25` some of its lines;
        `%case limiter --proof` runs the case as found, mended, and without each of the mends.
        """
        parser = Arguments("%case", USAGE)
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("file", metavar="FILE", nargs="?")
        parser.add_argument("lines", metavar="10-25", nargs="?")
        parser.add_argument("--proof", action="store_true")
        given = parser.read(line)
        if given.proof:
            return self._proof(given.name)
        if given.file is None:
            self._take(given.name)
        else:
            print(_shown(self._taken("%case", given.name).files(), given.file, given.lines))
        return None

    def _take(self, name: str) -> None:
        """Write the case as it was found, replacing the project."""
        known = cases.names()
        if name not in known:
            there = f"there are {', '.join(known)}" if known else "none came with this package"
            raise UsageError(f"%case: no case `{name}`: {there}.{near(name, known)}")
        self.taken[name] = cases.case(name)
        self.projects.write(name, self.taken[name].found)
        print(case_words.listed(name, self.taken[name].found))

    def _taken(self, magic: str, name: str) -> Case:
        """Return the case *name*, which `%case` has written before."""
        if name in self.taken:
            return self.taken[name]
        known = cases.names()
        first = f"Run %case {name} first." if name in known else f"There are {', '.join(known)}."
        raise UsageError(f"{magic} {name}: this kernel doesn't have it yet. {first}")

    def _read(self, magic: str, line: str, cell: str) -> tuple[str, Case, str, diffs.Diff]:
        """Return the case and the change that a cell describes."""
        parser = Arguments(magic, f"{magic} NAME what-it-does, and a diff below")
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("title", metavar="what-it-does")
        given = parser.read(line)
        case = self._taken(magic, given.name)
        try:
            return given.name, case, given.title, diffs.read(cell)
        except ProjectError as error:
            raise UsageError(f"{magic} {given.name} {given.title}: {error}") from None

    @as_written
    def mend(self, line: str, cell: str) -> None:
        """Change a case: `%%mend limiter one-registry`, with a diff below.

        Begin each file with a line `# file: path`. Lines to remove begin with -, lines to add with
        +, unchanged lines with a blank; `@@` separates two places. Run the cell again to replace
        its change.
        """
        name, case, title, diff = self._read("%%mend", line, cell)
        before = dict(case.mends)
        case.mends[title] = diff
        try:
            files = case.files()
        except ProjectError as error:
            case.mends = before
            raise UsageError(f"%%mend {name} {title}: {error}") from None
        self.projects.write(name, files)
        print(f"{name}: {title} ({', '.join(diff)})")

    @as_written
    def plant(self, line: str, cell: str) -> None:
        """Check whether a test notices a bug: `%%plant limiter drops-the-limit`, with a diff below.

        The bug goes into a copy of the case as it is now, and the tests run there. A test that is
        red without the bug, too, does not count.
        """
        name, case, title, diff = self._read("%%plant", line, cell)
        case.plants[title] = diff
        try:
            [seen] = _run([case.files(planted=title)])
            [before] = _run([case.files()]) if seen.red else [seen]
        except ProjectError as error:
            del case.plants[title]
            raise UsageError(f"%%plant {name} {title}: {error}") from None
        print(case_words.planted(title, seen, before))

    def _proof(self, name: str) -> View:
        """Return the results of each state of the case."""
        case = self._taken("%case --proof", name)
        states = {"as found": case.found, "all mended": case.files()}
        try:
            states |= {f"without {mend}": case.files(without=mend) for mend in case.mends}
            for bug in case.plants:
                states[f"{bug}, as found"] = case.as_found(bug)
                states[f"{bug}, mended"] = case.files(planted=bug)
        except ProjectError as error:
            raise UsageError(f"%case {name} --proof: {error}") from None
        return View(*case_words.proof(name, dict(zip(states, _run(states.values()), strict=True))))


def _run(states: case_runs.States) -> list[case_runs.Outcome]:
    try:
        return list(case_runs.outcomes(states))
    except KeyboardInterrupt:
        raise Stopped("the tests of the case and all that they started are ended") from None


def _shown(files: cases.Files, path: str, lines: str | None) -> str:
    """Return the requested lines of a file, with their numbers."""
    if path not in files:
        there = ", ".join(files)
        raise UsageError(f"%case: no file `{path}`: there are {there}.{near(path, files)}")
    text = files[path].splitlines()
    span = LINES.fullmatch(lines or f"1-{max(len(text), 1)}")
    if span is None or not int(span[1]) <= int(span[2]) <= max(len(text), 1):
        raise UsageError(f"%case: no lines `{lines}` in {path}: it has 1-{len(text)}.")
    first, last = int(span[1]), int(span[2])
    wide = len(str(last))
    numbered = enumerate(text[first - 1 : last], first)
    return "\n".join(f"{number:>{wide}}  {line}".rstrip() for number, line in numbered)
