"""The words after `%asyncfixture`, and where the fixtures come from that they name."""

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from loopcheck.case import journal
from loopcheck.labels import Labels, cells
from loopcheck.magics.near import near
from loopcheck.magics.thread_mode import KEEP

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from loopcheck.magics.fixtures.held_pytest import Origin

# Each part with its options; those before any part belong to the table.
PARTS: dict[str, tuple[str, ...]] = {
    "": ("--from",),
    "up": ("--from",),
    "down": ("--all", "--from"),
    "fix": ("--from",),
}


@dataclass(slots=True)
class Words:
    """One parsed line."""

    part: str
    names: list[str] = field(default_factory=list)
    folder: Path | None = None  # the value of `--from`
    project: str = ""  # the lesson's project, if it is one
    all: bool = False

    @staticmethod
    def read(line: str) -> Words:
        """Return the parsed *line*."""
        try:
            words = shlex.split(line)
        except ValueError as error:
            raise UsageError(f"%asyncfixture {line}: {error}.") from None
        part = words.pop(0) if words and not words[0].startswith("-") else ""
        if part not in PARTS:
            known = [name for name in PARTS if name]
            raise UsageError(
                f"%asyncfixture has no `{part}`: there are {', '.join(known)}.{near(part, known)}"
            )
        read = Words(part)
        while words:
            read._take(words.pop(0), words)
        return read

    def _take(self, word: str, rest: list[str]) -> None:
        option, _, value = word.partition("=")
        if not word.startswith("-"):
            self.names.append(word)
        elif option not in PARTS[self.part]:
            takes = ", ".join(PARTS[self.part])
            after = f"%asyncfixture {self.part}".strip()
            meant = near(option, PARTS[self.part])
            raise UsageError(f"`{option}` is not known after {after}: it takes {takes}.{meant}")
        elif option == "--all":
            self.all = True
        else:
            said = value or (rest.pop(0) if rest else "")
            try:
                self.project = "" if Path(said).exists() else _project(said)
                root = journal.root_of(f"%pytest {self.project}") if self.project else None
                self.folder = _folder(said, root)
            except (OSError, ValueError, RuntimeError) as error:  # too long, ~nobody
                reason = getattr(error, "strerror", None) or str(error)
                raise UsageError(f"--from {said[:LONGEST]}: {reason}.") from None


LONGEST = 200  # characters of an invalid path


def _project(said: str) -> str:
    """Return the name of a lesson's project that `%pytest` has run, if *said* begins with one."""
    name = said.partition("/")[0]
    return name if journal.root_of(f"%pytest {name}") else ""


def _folder(said: str, project: str | None = None) -> Path:
    """Return the folder with the meant conftest.py; *project* is the folder of the first name."""
    if not said:
        raise UsageError("From where? --from PATH/conftest.py, or --from FOLDER.")
    path = Path(said).expanduser().resolve()
    if project is not None:
        path = Path(project, said.partition("/")[2])
    if path.is_dir():
        return path
    if path.name != "conftest.py":
        lesson = (
            f" In a lesson, run the cell with %pytest {said} first." if said.isidentifier() else ""
        )
        raise UsageError(f"--from {said}: that is no conftest.py and no folder.{lesson}")
    if not path.is_file():
        there = sorted(one.parent.name for one in path.parent.parent.glob("*/conftest.py"))
        found = f" There is one in {', '.join(there[:5])}." if there else ""
        raise UsageError(f"--from {said}: there is no such file.{found}")
    return path.parent


def origin_of(given: Words | None, shell: InteractiveShell) -> Origin:
    """Return where the fixtures come from: the conftest.py files of a folder, or the notebook."""
    from loopcheck.magics.fixtures.held_pytest import Origin

    if given is not None and given.folder is not None:
        root = journal.root_of(f"%pytest {given.project}") if given.project else None
        if root is None:
            return Origin(given.folder, _said(given.folder, Path.cwd()))
        inside = PurePath(given.project, _said(given.folder, Path(root)))
        return Origin(given.folder, inside.as_posix(), root=root)
    config = getattr(sys.modules.get("ipytest._config"), "current_config", None)
    addopts = config["addopts"] if isinstance(config, dict) else ()
    options = tuple(str(one) for one in addopts if one != KEEP)
    return Origin(Path.cwd(), "this notebook", options, shell.user_module)


def labels(origin: Origin) -> Labels:
    """Return the labels for places of *origin*."""
    return Labels(origin.root or os.getcwd(), cells())


def _said(folder: Path, root: Path) -> str:
    try:
        shown = folder.relative_to(root).as_posix()
    except ValueError:
        shown = folder.as_posix()
    return f"{shown}/conftest.py".removeprefix("./")
