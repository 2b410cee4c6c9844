"""An SQLite file in its own folder: for systems without a PostgreSQL wheel."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from loopcheck.servers import _folder
from loopcheck.servers._errors import ServerError
from loopcheck.servers._server import Kind

BOUND = 2.0  # seconds for the sweeper to end
# Ends with its owner, because the pipe that it reads ends then.
SWEEPER = """
import shutil, sys
sys.stdin.buffer.read()
shutil.rmtree(sys.argv[1], ignore_errors=True)
"""


class SQLite:
    """Exists until `stop()` or the end of this process, however that comes."""

    kind: Kind = "sqlite"
    port = 0

    def __init__(self) -> None:
        self.pid = os.getpid()
        try:
            self._folder = Path(_folder.new())
            self._sweeper = _sweeper(str(self._folder))  # before there is anything to remove
            self._folder.mkdir(0o700)
            self.ping()
        except (OSError, sqlite3.Error) as error:
            raise ServerError(
                f"SQLite did not start: {error}. "
                "Make room in the temporary folder, or set TMPDIR to a writable one"
            ) from None

    @property
    def url(self) -> str:
        return f"sqlite:///{self._file.as_posix()}"

    @property
    def alive(self) -> bool:
        return self._folder.is_dir()

    def ping(self) -> None:
        """Raise `OSError` unless the file can be opened."""
        line = sqlite3.connect(self._file)
        try:
            line.execute("PRAGMA user_version = 1")  # makes the file
        except sqlite3.Error as error:
            raise OSError(str(error)) from None
        finally:
            line.close()

    def why_gone(self) -> str:
        return "its folder was removed"

    def stop(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        assert self._sweeper.stdin
        self._sweeper.stdin.close()
        try:
            self._sweeper.wait(BOUND)
        except subprocess.TimeoutExpired:  # a forked child holds its pipe
            self._sweeper.kill()
            self._sweeper.wait()

    @property
    def _file(self) -> Path:
        return self._folder / "data.db"


def _sweeper(folder: str) -> subprocess.Popen[bytes]:
    """Start a process that removes *folder* after this one ends, and ignores Stop and Ctrl-C."""
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", SWEEPER, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        | getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
