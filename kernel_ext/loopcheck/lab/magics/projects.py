"""`%%project` writes small projects, `%pytest` runs them in their own process."""

import sys
from pathlib import Path

from IPython.core.error import UsageError

from loopcheck.lab.arguments import Arguments, as_written, near
from loopcheck.lab.magics import Table
from loopcheck.lab.projects import pytest_child
from loopcheck.lab.projects.project_files import ProjectError, Projects, files_in
from loopcheck.lab.stopped_cell import Stopped

SECONDS = 30.0


class ProjectMagics:
    """Two magics and the folders they share."""

    def __init__(self) -> None:
        self.projects = Projects()

    def table(self) -> Table:
        """Return the magics by kind and name."""
        return {("cell", "project"): self.project, ("line", "pytest"): self.pytest}

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
        folder = self._folder(given.name)
        try:
            closing = pytest_child.run(
                folder, rest, seconds=given.seconds, say=_say, explain=not given.unexplained
            )
        except KeyboardInterrupt:
            raise Stopped(f"%pytest {given.name} and all that it started are ended") from None
        if closing:
            print(f"%pytest {given.name}: {closing}")

    def _folder(self, name: str) -> Path:
        """Return the folder of a written project."""
        known = self.projects.names()
        if name in known:
            return self.projects.folder(name)
        if not known:
            raise UsageError(
                f"%pytest: no project yet. Run the cell that begins with %%project {name} first."
            )
        raise UsageError(
            f"%pytest: no project `{name}`: there are {', '.join(known)}.{near(name, known)} "
            f"A cell that begins with %%project {name} makes it."
        )


def _say(text: str) -> None:
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"  # a terminal's may be small
    print(text.encode(encoding, "replace").decode(encoding), end="", flush=True)
