"""The JSON report on disk: there before the first conftest, whole at every moment."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest


class JsonFile:
    """A file that is replaced, never half written."""

    def __init__(self, path: Path, first: str) -> None:
        self.path = Path(os.path.realpath(path))  # a link stays a link
        try:
            if path.exists() and not (self.path.is_file() or self.path.is_dir()):
                # A device, a pipe; /dev/stdout leads to a file that has no name.
                raise OSError(0, "it is no file, and each finding replaces it")
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.replace(first)
        except OSError as error:
            raise pytest.UsageError(
                f"--loopcheck-json: {path} can't be written: {error.strerror}."
                " Name a file in a folder that you may write to."
            ) from None

    def replace(self, said: str) -> None:
        """Put *said* in the place of what the file holds."""
        number, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
        try:
            with os.fdopen(number, "w", encoding="utf-8") as file:
                file.write(said)
            os.replace(name, self.path)
        except BaseException:
            with suppress(FileNotFoundError):  # Ctrl-C may come when it is in its place
                os.unlink(name)
            raise
