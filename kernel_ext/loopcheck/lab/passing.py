"""A folder that goes with the kernel; one whose kernel was killed goes with the next kernel."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: what a killed kernel left stays there
    LOCKS = False
else:
    LOCKS = True

PREFIX = "loopcheck-kernel-"


class Folder:
    """A temporary folder that goes with this process, and is locked as long as it lives."""

    def __init__(self) -> None:
        while not self._made():
            pass  # swept between its making and its lock

    def _made(self) -> bool:
        self._kept = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
        self.path = Path(os.path.realpath(self._kept.name))
        try:
            self._lock = _locked(self.path)
        except BlockingIOError:
            return False
        return self.path.is_dir()  # without a lock where the file system has none

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *error: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Remove it, as far as the system allows."""
        self._kept.cleanup()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def sweep() -> None:
    """Remove the folders of kernels that are no more. Those of other users are left alone."""
    with suppress(OSError):
        for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
            with suppress(BlockingIOError):  # its kernel lives
                if (lock := _locked(folder, alone=True)) is not None:
                    shutil.rmtree(folder, ignore_errors=True)
                    os.close(lock)


def _locked(folder: Path, *, alone: bool = False) -> int | None:
    """Return a descriptor that holds the lock of *folder*; None where there is none to be had.

    Raise BlockingIOError where another process has it.
    """
    if not LOCKS:
        return None
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        if os.fstat(descriptor).st_uid == os.getuid():
            fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
            if folder.is_dir():
                return descriptor
    except BlockingIOError:
        os.close(descriptor)
        raise
    except OSError:
        pass  # some network drives know no locks
    os.close(descriptor)
    return None
