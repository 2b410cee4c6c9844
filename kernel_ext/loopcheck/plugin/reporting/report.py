"""Reports on disk: they exist before the first conftest, and are complete at every moment."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest


class ReportFile:
    """A file that is replaced, never half written."""

    def __init__(self, path: Path, option: str, first: str) -> None:
        self.path = Path(os.path.realpath(path))  # a link stays a link
        try:
            if path.exists() and not (self.path.is_file() or self.path.is_dir()):
                # A device or a pipe; /dev/stdout leads to a file without a name.
                raise OSError(0, "it is not a file, and each finding replaces it")
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.replace(first)
        except OSError as error:
            raise pytest.UsageError(
                f"{option}: {path} can't be written: {error.strerror}."
                " Name a file in a folder that you may write to."
            ) from None

    def replace(self, said: str) -> None:
        """Replace the file's content by *said*."""
        number, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
        try:
            with os.fdopen(number, "w", encoding="utf-8") as file:
                file.write(said)
            os.replace(name, self.path)
        except BaseException:
            with suppress(FileNotFoundError):  # Ctrl-C may come after the rename
                os.unlink(name)
            raise
