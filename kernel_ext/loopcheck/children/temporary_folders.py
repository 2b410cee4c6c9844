"""A temporary folder that is removed with its process, or by the next one if that was killed."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: the folder of a killed process stays
    LOCKS = False
else:
    LOCKS = hasattr(fcntl, "flock")  # a browser's kernel has an empty module of that name

PREFIX = "loopcheck-kernel-"


class Folder:
    """A temporary folder that is removed with this process, which locks it while it lives."""

    def __init__(self, prefix: str = PREFIX) -> None:
        self._prefix = prefix
        while not self._made():
            pass  # another process removed it before we had the lock

    def _made(self) -> bool:
        self._kept = tempfile.TemporaryDirectory(prefix=self._prefix, ignore_cleanup_errors=True)
        self.path = Path(os.path.realpath(self._kept.name))
        try:
            self._lock = _locked(self.path)
        except BlockingIOError:
            return False
        return self.path.is_dir()  # without a lock if the file system has none

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


def sweep(prefix: str = PREFIX) -> None:
    """Remove the folders of processes that have ended. Other users' folders stay."""
    with suppress(OSError):
        for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
            with suppress(BlockingIOError):  # its process lives
                if (lock := _locked(folder, alone=True)) is not None:
                    shutil.rmtree(folder, ignore_errors=True)
                    os.close(lock)


def _locked(folder: Path, *, alone: bool = False) -> int | None:
    """Return a descriptor that holds the lock of *folder*; None if locks are unavailable.

    Raise BlockingIOError if another process holds it.
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
        pass  # some network drives have no locks
    os.close(descriptor)
    return None
