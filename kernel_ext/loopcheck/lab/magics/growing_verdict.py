"""Where a verdict appears while it is made: as text line by line, or in one output that grows.

A notebook keeps the last state of that output only: the verdict.
"""

import time
from html import escape
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display

from loopcheck.lab import verdicts
from loopcheck.lab.exercise import Requirement
from loopcheck.lab.grading import Checked
from loopcheck.report.view import View

PAGE = "white-space:pre-wrap;margin:0"
GONE, COME = "color:light-dark(#a40e26,#ff9d94)", "color:light-dark(#116329,#7ee2a8)"


class Lines:
    """Prints each requirement when it is known: a terminal cannot change what it has shown."""

    def tell(self, one: Checked) -> None:
        """Show a requirement."""
        if one.looked:
            print(verdicts.requirement(one), flush=True)

    def runs(self, requirement: Requirement) -> None:
        """Show nothing while one is checked."""

    def stop(self) -> None:
        """Leave what is shown: the answer was stopped."""

    def close(self, said: str) -> None:
        """Show what follows the requirements."""
        print(said)


class Growing:
    """One output of a notebook, drawn again when a requirement is known, and each second."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.bugs: set[str] = set()
        self.shown = ""
        self.output: Any = None
        self.checked: Requirement | None = None
        self.since = time.monotonic()

    def tell(self, one: Checked) -> None:
        """Show a requirement below the others."""
        if one.looked:
            self.lines += verdicts.requirement(one).splitlines()
            self.bugs |= {f"{verdicts.INDENT}  {line}" for line in one.bug}
            self._draw(self.lines)

    def runs(self, requirement: Requirement) -> None:
        """Show which requirement is being checked, and for how many seconds."""
        if requirement is not self.checked:
            self.checked, self.since = requirement, time.monotonic()
        seconds = int(time.monotonic() - self.since)
        self._draw([*self.lines, verdicts.running(requirement, seconds)])

    def stop(self) -> None:
        """Show that nothing is being checked any more: the answer was stopped."""
        self._draw(self.lines)

    def close(self, said: str) -> None:
        """Show what follows the requirements: this state is kept."""
        self._draw([*self.lines, *said.splitlines()])

    def _draw(self, lines: list[str]) -> None:
        said = "\n".join(lines)
        if said == self.shown:
            return
        self.shown = said
        view = View(said, f'<pre style="{PAGE}">' + "\n".join(map(self._html, lines)) + "</pre>")
        if self.output is None:
            self.output = display(view, display_id=True)
        else:
            self.output.update(view)

    def _html(self, line: str) -> str:
        sign = line.strip()[:1]
        style = {"-": GONE, "+": COME}.get(sign, "") if line in self.bugs else ""
        return f'<span style="{style}">{escape(line)}</span>' if style else escape(line)


def screen_of(shell: InteractiveShell) -> Lines | Growing:
    """Return what shows a verdict in *shell*: only a kernel's front end can change an output."""
    return Growing() if getattr(shell, "kernel", None) is not None else Lines()
