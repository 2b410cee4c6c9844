"""`%guess`: the learner writes a guess, and the next run of tests is shown beside it."""

from collections.abc import Callable
from contextlib import suppress

from IPython.core.interactiveshell import InteractiveShell

from loopcheck.lab.arguments import as_written
from loopcheck.lab.magics import Table

MOST = 200  # characters of a guess that are repeated
HOW = (
    "Write your guess after %guess, such as %guess a, and run this cell again: the next run of "
    "the tests is the answer."
)
WHY = "The folded answer above says why."


class GuessMagic:
    """A magic, and the guess that no run has answered yet."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self.guessed = ""
        self.runs: list[str] = []  # what the tests of this cell did, run by run

    def table(self) -> Table:
        """Return the magic by kind and name."""
        return {("line", "guess"): self.guess}

    @as_written
    def guess(self, line: str) -> None:
        """Note what you expect: `%guess b`, `%guess two tests fail`.

        Nothing is graded. When the next cell has run tests with `%pytest`, your guess stands below
        what they did.
        """
        self.guessed, self.runs = line.strip()[:MOST], []
        print(f"Noted: {self.guessed}. The next run answers." if self.guessed else HOW)

    def ran(self, outcome: str) -> None:
        """Note what a run of tests showed, such as `1 of 3 tests failed`; empty if none ran."""
        if outcome:
            self.runs.append(outcome)

    def install(self) -> Callable[[], None]:
        """Answer at the end of each cell; return what undoes it."""
        self.shell.events.register("post_run_cell", self._answer)

        def undo() -> None:
            with suppress(ValueError):  # a second undo does nothing
                self.shell.events.unregister("post_run_cell", self._answer)

        return undo

    def _answer(self, result: object) -> None:
        if self.guessed and self.runs:
            print(f"You guessed: {self.guessed}. You saw: {', then '.join(self.runs)}. {WHY}")
            self.guessed = ""
        self.runs = []
