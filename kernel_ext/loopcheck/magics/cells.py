"""Which cell a line of code is in, and which line of it: `%%ipytest` runs its cell's text again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from loopcheck.labels import CELLS

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

IPYTEST, EXERCISE = "%%ipytest", "%%exercise"
KEPT = 1000  # cells
_undo: list[Callable[[], None]] = []
_shown: deque[str] = deque(maxlen=KEPT)


def last_of_tests() -> tuple[str, list[str]] | None:
    """Return the cell of tests that ran last, and the cells before it; None if none ran.

    None, too, if an exercise ran after it: that is the learner's to solve.
    """
    cells = [text.lstrip() for text in _shown]
    for at in range(len(cells) - 1, -1, -1):
        if cells[at].startswith(EXERCISE):
            return None
        if cells[at].startswith(IPYTEST):
            return cells[at], cells[:at]
    return None


class VisibleCell:
    """The cell that a person sees while it runs, and the number beside it."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self.number = 0
        self.text = ""

    def begin(self, info: Any) -> None:
        """Record the number of a cell; the number of the visible one for code that it runs."""
        raw = info.raw_cell
        if not self._lines_above(raw):
            self.text = raw  # nbval's cells have no history, so that does not show the runner
            _shown.append(raw)
        if info.store_history:
            self.number = self.shell.execution_count - 1  # it counts on before it calls us
        else:
            run = "".join(self.number_lines(raw.splitlines(keepends=True)))
            CELLS[self.shell.compile.get_code_name(raw, run, self.number)] = self.number

    def end(self, result: Any) -> None:
        if result.info is not None and result.info.raw_cell == self.text:
            self.text = ""

    def number_lines(self, lines: list[str]) -> list[str]:
        """Return the *lines* that `%%ipytest` runs below empty ones in place of those above them.

        Jupyter numbers the lines of a cell from the magic on. So do pytest and loopcheck then.
        """
        return ["\n"] * self._lines_above("".join(lines)) + lines

    def _lines_above(self, text: str) -> int:
        """Return how many lines the visible cell has above *text*, if `%%ipytest` runs it there."""
        shown, part = self.text.rstrip(), text.strip("\n").rstrip()
        within = part and shown.startswith(IPYTEST) and shown.endswith(f"\n{part}")
        return shown[: -len(part)].count("\n") if within else 0


def install(shell: InteractiveShell) -> None:
    """Count cells and their lines as a person does, also in code that a magic runs."""
    if _undo:
        return
    visible = VisibleCell(shell)
    _shown.extend(map(str, shell.user_ns.get("In", [])[1:-1]))  # the last one is running now
    shell.events.register("pre_run_cell", visible.begin)
    shell.events.register("post_run_cell", visible.end)
    # After IPython has removed empty lines, and before it looks for magics.
    shell.input_transformers_cleanup.append(visible.number_lines)
    _undo.append(lambda: shell.events.unregister("pre_run_cell", visible.begin))
    _undo.append(lambda: shell.events.unregister("post_run_cell", visible.end))
    _undo.append(lambda: shell.input_transformers_cleanup.remove(visible.number_lines))


def undo(shell: InteractiveShell) -> None:
    """Stop recording numbers."""
    while _undo:
        _undo.pop()()
    CELLS.clear()
    _shown.clear()
