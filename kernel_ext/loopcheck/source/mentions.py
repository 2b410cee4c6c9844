"""Whether the project's other files mention a name: a name that is never mentioned is unused."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

FILES = 3_000  # to look into in one search
LONGEST = 1_000_000  # bytes of a file
LEFT_OUT = frozenset({"node_modules", "site-packages", "__pycache__", "build", "dist"})
CODE = (".py", ".pyi", ".ipynb")
SETTINGS = (".toml", ".ini", ".cfg", ".yml", ".yaml", ".sh", ".mk", ".json", ".txt", ".md", ".rst")


def elsewhere(name: str, own: Path, root: Path, *, everywhere: bool = False) -> bool:
    """Return whether a file under *root*, other than *own*, mentions *name*.

    With *everywhere* settings and scripts count, too. If a project is too large to search, True.
    """
    word = re.escape(name.encode())
    for number, file in enumerate(_files(root, everywhere)):
        if number >= FILES:
            return True
        if file != own and _says(file, word):
            return True
    return False


def declares_table(name: str, root: Path) -> bool:
    """Return whether a file under *root* declares or creates a table called *name*."""
    word = re.escape(name.encode())
    orm = rb"(?:__tablename__\s*=|\bTable\()\s*[\"']" + word + rb"[\"']"
    sql = rb"(?i:\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?)(?:\w+\.)?[\"`]?" + word + rb"\b"
    declared = re.compile(orm + rb"|" + sql)
    files = islice(_files(root, everywhere=False), FILES)
    return any(declared.search(_text(file)) for file in files)


def _files(root: Path, everywhere: bool) -> Iterator[Path]:
    for folder, inner, files in os.walk(root):
        hidden = {one for one in inner if one[0] == "." and one not in (".github", ".circleci")}
        venvs = {one for one in inner if os.path.exists(os.path.join(folder, one, "pyvenv.cfg"))}
        inner[:] = sorted(set(inner) - LEFT_OUT - hidden - venvs)
        for name in sorted(files):
            bare = "." not in name  # Makefile, Dockerfile
            if name.endswith(CODE) or (everywhere and (bare or name.endswith(SETTINGS))):
                yield Path(folder, name)


def _says(file: Path, word: bytes) -> bool:
    """Return whether *file* mentions *word*, other than to define a class of its own."""
    text = _text(file)
    own = re.search(rb"^[ \t]*class[ \t]+" + word + rb"\b", text, re.MULTILINE)
    return not own and re.search(rb"\b" + word + rb"\b", text) is not None


def _text(file: Path) -> bytes:
    try:
        return file.read_bytes() if file.stat().st_size <= LONGEST else b""
    except OSError:
        return b""
