"""What stands after `%asyncfixture`, and where the fixtures come from that it names."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from loopcheck.faces.magics.near import near
from loopcheck.faces.magics.thread_mode import KEEP

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from loopcheck.faces.held_pytest import Origin

# Each part with the options that it takes; what stands before any part is the table's.
PARTS: dict[str, tuple[str, ...]] = {
    "": ("--from",),
    "up": ("--from",),
    "down": ("--all",),
    "fix": ("--from",),
}


@dataclass(slots=True)
class Words:
    """One line, read."""

    part: str
    names: list[str] = field(default_factory=list)
    folder: Path | None = None  # of `--from`
    all: bool = False

    @staticmethod
    def read(line: str) -> Words:
        """Return what *line* asks for."""
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
            self.folder = _folder(value or (rest.pop(0) if rest else ""))


def _folder(said: str) -> Path:
    """Return the folder whose conftest.py is meant."""
    if not said:
        raise UsageError("From where? --from PATH/conftest.py, or --from FOLDER.")
    path = Path(said).expanduser().resolve()
    if path.is_dir():
        return path
    if path.name != "conftest.py":
        raise UsageError(f"--from {said}: that is no conftest.py and no folder.")
    if not path.is_file():
        there = sorted(one.parent.name for one in path.parent.parent.glob("*/conftest.py"))
        found = f" There is one in {', '.join(there[:5])}." if there else ""
        raise UsageError(f"--from {said}: there is no such file.{found}")
    return path.parent


def origin_of(folder: Path | None, shell: InteractiveShell) -> Origin:
    """Return where the fixtures come from: the conftest.py files of *folder*, else the notebook."""
    from loopcheck.faces.held_pytest import Origin

    if folder is not None:
        return Origin(folder, _said(folder))
    config = getattr(sys.modules.get("ipytest._config"), "current_config", None)
    given = config["addopts"] if isinstance(config, dict) else ()
    options = tuple(str(one) for one in given if one != KEEP)
    return Origin(Path.cwd(), "this notebook", options, shell.user_module)


def _said(folder: Path) -> str:
    try:
        shown = folder.relative_to(Path.cwd()).as_posix()
    except ValueError:
        shown = folder.as_posix()
    return f"{shown}/conftest.py".removeprefix("./")
