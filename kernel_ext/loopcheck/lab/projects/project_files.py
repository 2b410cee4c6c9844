"""Small projects that a lesson writes and runs: files in a temporary folder, one for each name."""

import re
import shutil
from pathlib import Path, PurePosixPath, PureWindowsPath

from loopcheck.children import temporary_folders
from loopcheck.report._story import visible

MARK = re.compile(r"^#\s*file:\s*(.*?)\s*$")
NAME = re.compile(r"[A-Za-z][\w-]*")


class ProjectError(ValueError):
    """One line on what is wrong with a project's name or text."""


def files_in(cell: str) -> dict[str, str]:
    """Return the files that *cell* describes: each begins below its `# file: path` line."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for number, line in enumerate(cell.splitlines(), 1):
        if mark := MARK.match(line):
            path = _checked(mark[1])
            if path in found:
                raise ProjectError(f"`{path}` appears twice (line {number}). Keep one of them.")
            lines = found[path] = []
        elif found:
            lines.append(line)
        elif line.strip():
            raise ProjectError(f"line {number} comes before the first `# file: path` line.")
    if not found:
        raise ProjectError("no file in this cell. Begin each with a line `# file: test_cart.py`.")
    return {path: _text(path, "\n".join(lines)) for path, lines in found.items()}


def _text(path: str, said: str) -> str:
    """Return *said* as the text of a file, if a file can hold it."""
    try:
        said.encode()
    except UnicodeEncodeError as error:
        line = said[: error.start].count("\n") + 1
        raise ProjectError(
            f"`{path}` has half a character in line {line}, which no file can store. Delete it."
        ) from None
    return said.strip("\n") + "\n"


def _checked(path: str) -> str:
    """Return *path* normalised, if it stays inside the project's folder."""
    parts = PurePosixPath(path).parts
    if not parts:
        raise ProjectError("a `# file:` line names no file. Write: # file: test_cart.py")
    outside = path.startswith(("/", "~")) or ".." in parts or "\\" in path
    if outside or PureWindowsPath(path).drive:
        raise ProjectError(
            f"`{path}` is outside the project's folder. Name a file inside: tests/test_x.py"
        )
    if not path.isprintable():
        raise ProjectError(f"`{visible(path)}` is not a valid file name. Use visible characters")
    return str(PurePosixPath(path))


class Projects:
    """The projects of one kernel.

    Their folders are removed with it; those of a killed kernel by the next one that loads the
    extension.
    """

    def __init__(self) -> None:
        self._home: temporary_folders.Folder | None = None

    @property
    def home(self) -> Path:
        """The folder that holds the projects' folders, made when it is first needed."""
        if self._home is None:
            self._home = temporary_folders.Folder()
        return self._home.path

    def names(self) -> list[str]:
        """Return the names of the written projects."""
        return (
            sorted(path.name for path in self.home.iterdir() if path.is_dir()) if self._home else []
        )

    def folder(self, name: str) -> Path:
        """Return the folder of project *name*, which may not exist yet."""
        if not NAME.fullmatch(name):
            raise ProjectError(
                f"`{name}` is not a valid project name. Use one word: %%project cart"
            )
        return self.home / name

    def write(self, name: str, files: dict[str, str], *, add: bool = False) -> None:
        """Write *files* as project *name*: they replace its old files, or (*add*) join them."""
        folder = self.folder(name)
        if not add:
            shutil.rmtree(folder, ignore_errors=True)
        write_files(folder, files)

    def close(self) -> None:
        """Remove every folder."""
        if self._home is not None:
            self._home.remove()
            self._home = None


def write_files(folder: Path, files: dict[str, str]) -> None:
    """Write *files*, by path, into *folder*."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
