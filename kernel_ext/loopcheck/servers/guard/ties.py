"""The ties between a guard and its owner."""

import os
import select
import signal

LOOK_EVERY = 0.5  # seconds, if nothing reports the owner's death


class Ties:
    """Ties that tell the guard to end when they are cut."""

    def __init__(self, owner: int) -> None:
        self._parent = os.getppid()
        self._signals = _signals()
        self._owner: list[int] = []
        self._look_every: float | None = None
        self._word = b""  # the owner's next command
        self.are_cut = False
        try:
            self._owner = [os.pidfd_open(owner)]
        except ProcessLookupError:
            self.are_cut = True
        except (AttributeError, OSError):  # macOS, Linux before 5.3, some sandboxes
            self._look_every = LOOK_EVERY

    def wait(self, *others: int) -> bool:
        """True if one of *others* can be read; also wakes for a command, a signal or a timeout."""
        if self.are_cut:
            return False
        files = [0, self._signals, *self._owner, *others]
        readable, _, _ = select.select(files, [], [], self._look_every)
        if self._signals in readable:
            self.are_cut = set(os.read(self._signals, 512)) != {signal.SIGCHLD}
        if 0 in readable:
            self._word, self.are_cut = os.read(0, 64), True
        # Compared with its first value: under a subreaper, an orphan's parent is not 1.
        if set(readable) & set(self._owner) or os.getppid() != self._parent:
            self._word, self.are_cut = b"", True
        return bool(set(readable) & set(others))

    def mended(self, word: bytes) -> bool:
        """True if only *word* had cut them: then they hold again."""
        asked, self._word = self._word == word, b""
        self.are_cut = not asked
        return asked


def _signals() -> int:
    """Return a file that is readable after a signal: to end, or from a child that ended."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for each in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(each, lambda *_: None)
    return read
