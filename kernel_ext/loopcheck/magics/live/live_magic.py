"""`%loopcheck live`: opens a panel, or prints one frame with `--text`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from IPython.display import display

from loopcheck.magics.live import frame_text
from loopcheck.magics.live.frames import frame
from loopcheck.magics.live.live_reading import LiveReading
from loopcheck.magics.live.update_thread import UpdateThread
from loopcheck.report import looking
from loopcheck.report.view import View

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from loopcheck.magics.live.panel import Panel

MISSING = (
    'The live panel needs the package anywidget: run `%pip install "loopcheck[live]"`, restart the '
    "kernel and reload the page. Until then, here is one frame as text."
)
_live: WeakKeyDictionary[InteractiveShell, Live] = WeakKeyDictionary()


class Live:
    """The panels of one shell, and the thread that they share."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self.updates = UpdateThread(lambda: looking.roots(shell))
        self.panels: list[Panel] = []
        shell.events.register("pre_run_cell", self.updates.cell_begins)
        shell.events.register("post_run_cell", self.updates.cell_ends)

    def still(self, *, machinery: bool = False) -> View:
        """Return one frame as text and HTML, with what became true while a panel was open."""
        reading = self.updates.reading or LiveReading(lambda: looking.roots(self.shell))
        return frame_text.view(frame(reading.read(fresh=True)), machinery=machinery)

    def open(self, *, machinery: bool = False) -> None:
        """Open a panel; without anywidget, show the text and how to get it."""
        try:
            from loopcheck.magics.live.panel import Panel

            panel = Panel(self.updates, self.panels.remove)
        except ImportError:
            display(View(f"{MISSING}\n\n{self.still(machinery=machinery).text}"))
            return
        self.panels.append(panel)
        self.updates.cell_begins()
        self.updates.add(panel)
        still = self.still(machinery=machinery)
        display(panel.output(still, machinery=machinery), raw=True)

    def close(self) -> None:
        """Close all panels, and give back what they took."""
        for panel in list(self.panels):
            panel.close()
        self.updates.stop()
        self.shell.events.unregister("pre_run_cell", self.updates.cell_begins)
        self.shell.events.unregister("post_run_cell", self.updates.cell_ends)


def ask(shell: InteractiveShell, options: list[str], *, machinery: bool) -> View | None:
    """Answer `%loopcheck live`: a panel shows itself, wherever in its cell the line is."""
    live = _live.get(shell)
    if live is None:
        live = _live[shell] = Live(shell)
    if "--text" in options:
        return live.still(machinery=machinery)
    live.open(machinery=machinery)
    return None


def install(shell: InteractiveShell) -> Callable[[], None]:
    """Return what closes every panel of *shell*; nothing is made before the first one."""

    def undo() -> None:
        if (live := _live.pop(shell, None)) is not None:
            live.close()

    return undo
