"""`%%project` writes small projects, `%pytest` runs them, `%%tryit` changes a line and runs."""

import sys
from pathlib import Path

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from loopcheck.lab.arguments import Arguments, as_written, near
from loopcheck.lab.magics import Table
from loopcheck.lab.magics.guess import GuessMagic
from loopcheck.lab.projects import pytest_child, tryit
from loopcheck.lab.projects.project_files import ProjectError, Projects, files_in
from loopcheck.lab.projects.tryit import Lines, Tried
from loopcheck.lab.stopped_cell import Stopped

SECONDS = 30.0
TRY_SECONDS = 8.0  # for one test of a try-it


class ProjectMagics:
    """Three magics and the folders they share."""

    def __init__(self, shell: InteractiveShell, guess: GuessMagic) -> None:
        self.shell, self.guess = shell, guess
        self.projects = Projects()
        self.given: dict[object, Tried] = {}  # what projects do as they were written

    def table(self) -> Table:
        """Return the magics by kind and name."""
        return {
            ("cell", "project"): self.project,
            ("line", "pytest"): self.pytest,
            ("line_cell", "tryit"): self.tryit,
        }

    @as_written
    def project(self, line: str, cell: str) -> None:
        """Write the files of a small project: `%%project NAME [--add]`.

        Each file begins below a line `# file: path`. The files replace those of NAME; with `--add`
        the others stay. `%pytest NAME` runs them.
        """
        parser = Arguments("%%project", "%%project NAME [--add]")
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--add", action="store_true", help="keep the other files")
        given = parser.read(line)
        if given.add and given.name not in self.projects.names():
            raise UsageError(
                f"%%project {given.name} --add: there is no project `{given.name}` to add to. Run "
                f"the cell that begins with %%project {given.name} first, the one without --add."
            )
        try:
            files = files_in(cell)
            self.projects.write(given.name, files, add=given.add)
        except (ProjectError, OSError) as error:
            raise UsageError(f"%%project {given.name}: {error}") from None
        print(f"{given.name}: {', '.join(files)}")

    @as_written
    def pytest(self, line: str) -> None:
        """Run the tests of a project: `%pytest NAME [--seconds N] [pytest's arguments]`.

        They run in a separate process. It is stopped, with everything it started, after 30 seconds
        or N, or when you stop the cell. `%loopcheck why` then explains the failures; with
        `--unexplained` it does not, because in a clinic that is up to you.
        """
        parser = Arguments("%pytest", "%pytest NAME [--seconds N] [pytest's arguments]")
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--seconds", type=float, default=SECONDS)
        parser.add_argument("--unexplained", action="store_true")
        given, rest = parser.parse_known_args(parser.words(line))
        folder = self._folder(given.name, "%pytest")
        try:
            ran = pytest_child.run(
                folder, rest, seconds=given.seconds, say=_say, explain=not given.unexplained
            )
        except KeyboardInterrupt:
            raise Stopped(f"%pytest {given.name} and all that it started are ended") from None
        if ran.notes:
            print(f"%pytest {given.name}: {ran.notes}")
        self.guess.ran(ran.counts)

    @as_written
    def tryit(self, line: str, cell: str | None = None) -> None:
        """Try another line: `%%tryit NAME FILE:LINE [pytest's arguments]`.

        The cell takes the place of that line (`FILE:7-8`: of these lines) in a copy of project
        NAME. The tests run there, and the answer says what your change changes. Nothing is graded,
        and the project stays as it is. Run the cell empty, and it comes back as it was.
        """
        parser = Arguments("%%tryit", "%%tryit NAME FILE:LINE [--seconds N] [pytest's arguments]")
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("place", metavar="FILE:LINE")
        parser.add_argument("--seconds", type=float, default=TRY_SECONDS)
        asked, args = parser.parse_known_args(parser.words(line))
        try:
            lines = tryit.lines_at(asked.place, self._folder(asked.name, "%%tryit"))
            if cell is None or not cell.strip():
                self.shell.set_next_input(f"%%tryit {line}\n{lines.given}", replace=True)
                print("Here it is again, as it was.")
                return
            files = lines.changed(cell)
            print(self._compared(lines, files, args, asked.seconds))
            if remark := lines.remark(cell):
                print(remark)
        except ProjectError as error:
            raise UsageError(f"%%tryit {asked.name}: {error}") from None
        except KeyboardInterrupt:
            raise Stopped(f"%%tryit {asked.name} and all that it started are ended") from None

    def _compared(
        self, lines: Lines, files: dict[str, str], args: list[str], seconds: float
    ) -> str:
        known = (*lines.files.items(), *args)
        given = self.given.get(known) or tryit.tried(lines.files, args, seconds)
        self.given[known] = given
        if files == lines.files:
            return tryit.given_words(given)
        return tryit.changed_words(given, tryit.tried(files, args, seconds))

    def _folder(self, name: str, magic: str) -> Path:
        """Return the folder of a written project."""
        known = self.projects.names()
        if name in known:
            return self.projects.folder(name)
        if not known:
            raise UsageError(
                f"{magic}: no project yet. Run the cell that begins with %%project {name} first."
            )
        raise UsageError(
            f"{magic}: no project `{name}`: there are {', '.join(known)}.{near(name, known)} "
            f"A cell that begins with %%project {name} makes it."
        )


def _say(text: str) -> None:
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"  # a terminal's may be small
    print(text.encode(encoding, "replace").decode(encoding), end="", flush=True)
