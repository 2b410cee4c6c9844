"""The widget of the live panel. It only shows frames; anywidget is imported when one is made.

The output of the cell is plain HTML, a still picture. In the browser the widget finds it by its
mark and draws there as long as the kernel lives: what a notebook stores is never a dead widget.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import uuid4

from loopcheck.clock import monotonic
from loopcheck.magics.live.frames import Frame
from loopcheck.magics.live.update_thread import ALIVE, UpdateThread, as_values
from loopcheck.report.view import View

MARK = "data-loopcheck-live"


def _outputs_are_apart() -> bool:
    """Return whether this is Colab, or a kernel that VS Code has started."""
    return "google.colab" in sys.modules or "VSCODE_PID" in os.environ


@cache
def _kind() -> Any:
    """Return the class of our widgets."""
    import anywidget
    from traitlets import Unicode

    script = files("loopcheck.magics.live").joinpath("panel.js").read_text("utf-8")
    space = {"_esm": script, "mark": Unicode().tag(sync=True)}
    return type("LivePanel", (anywidget.AnyWidget,), space)


class Panel:
    """One panel: its widget, and when its browser was heard last."""

    def __init__(self, updates: UpdateThread, closed: Callable[[Panel], None]) -> None:
        self.updates, self.closed = updates, closed
        self.mark = uuid4().hex  # by which its browser finds the place in the output
        self.widget = _kind()(mark=self.mark)
        self.heard = monotonic()
        self._told = 0.0
        self.widget.on_msg(self._hear)

    def output(self, still: View, *, machinery: bool) -> dict[str, Any]:
        """Return *still* as the output that the widget draws over.

        Where a page of its own shows each output, the widget can't find it: there we show the
        widget itself, with the still picture for those who store or read it without.
        """
        shown = f"{MARK}-all" if machinery else ""
        html = f'<div {MARK}="{self.mark}" {shown}>{still.html}</div>'
        apart = self.widget._repr_mimebundle_() if _outputs_are_apart() else None
        own = apart[0] if isinstance(apart, tuple) else apart or {}
        return {**own, "text/plain": still.text, "text/html": html.replace('" >', '">', 1)}

    def show(self, seen: Frame, moment: float) -> None:
        self._send({"frame": as_values(seen), "moment": moment})

    def still_alive(self, moment: float) -> None:
        if monotonic() - self._told >= ALIVE:
            self._send({"moment": moment})

    def _send(self, said: dict[str, Any]) -> None:
        self._told = monotonic()
        if self.widget.comm is not None:
            self.widget.send(said)

    def _hear(self, widget: object, said: Any, buffers: object) -> None:
        if isinstance(said, dict) and said.get("close"):
            self.close()
        else:
            self.updates.add(self)

    def close(self) -> None:
        """End the updates of this panel, and its widget."""
        self.updates.drop(self)
        self.closed(self)
        self.widget.close()
