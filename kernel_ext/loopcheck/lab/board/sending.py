"""Sends what the learner shares to the board, in a thread that ends on its own: no cell waits."""

import threading

from loopcheck.lab.board import BoardDown, BoardError, asking, sharing
from loopcheck.lab.board.row import as_fields

PATIENCE = 2 * asking.SECONDS + 1  # of a magic that sends


class Sender:
    """Sends one request after the other; changes that come meanwhile go out together."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.due = False
        self.thread: threading.Thread | None = None
        self.trouble: BoardError | None = None  # from the last attempt
        self.told: str | None = None

    def soon(self) -> None:
        """Send what is shared, or delete it on the board, without waiting."""
        with self.changed:
            self.due = True
            if self.thread is None:
                self.thread = threading.Thread(target=self._run, name="class board", daemon=True)
                self.thread.start()

    def now(self) -> BoardError | None:
        """Send and wait, for a bounded time; return the error, if any."""
        self.soon()
        if not self.wait():
            return BoardDown(f"The class board does not answer: not in {PATIENCE:.0f} seconds.")
        self.told = str(self.trouble) if self.trouble else None  # the caller prints it
        return self.trouble

    def wait(self) -> bool:
        """Wait a bounded time; True if nothing is being sent any more."""
        with self.changed:
            return self.changed.wait_for(lambda: self.thread is None, PATIENCE)

    def untold(self) -> str | None:
        """Return the line on a failed last attempt: once, until an attempt succeeds again."""
        said = str(self.trouble) if self.trouble else None
        before, self.told = self.told, said
        return said if said != before else None

    def _run(self) -> None:
        while True:
            with self.changed:
                if not self.due:
                    self.thread = None
                    self.changed.notify_all()
                    return
                self.due = False
            self.trouble = _attempt()


def _attempt() -> BoardError | None:
    """Update the board; return the error, if any."""
    try:
        row, broken = sharing.read()
        if broken:
            return BoardError(broken)
        board = asking.find()
        if row is not None:
            board.ask("PUT", "row", as_fields(row))
        if row is None or sharing.read()[0] is None:  # another notebook stopped sharing meanwhile
            board.ask("DELETE", "row")
    except BoardError as error:
        return error
    except Exception as error:  # a thread's traceback would land in the learner's cells
        return BoardError(f"The class board could not be reached: {type(error).__name__}.")
    return None


SENDER = Sender()
