"""`%%loopcheck`: run the cell as it is, `await` and all, and report what it left behind.

A cell magic gets its cell as text and cannot await. So we remove the first line before Python sees
the cell, and two hooks look at the process before and after.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from loopcheck.labels import Labels, cells
from loopcheck.records import Look, TaskGroup
from loopcheck.report import _left_behind, looking
from loopcheck.report.view import View
from loopcheck.watch import stalls
from loopcheck.watch.coroutines import Dropped

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

HEAD = "%%loopcheck"


def headless(lines: list[str]) -> list[str]:
    """Return the lines of a cell without its first line; the others keep their numbers."""
    if not lines or not asked(lines[0]):
        return lines
    magic = len(lines) > 1 and lines[1].startswith("%%")  # must stay first to be one
    return lines[1:] if magic else ["\n", *lines[1:]]


def asked(text: str) -> bool:
    """True if *text* begins a %%loopcheck cell."""
    return text.startswith(HEAD) and text.split(maxsplit=1)[0] == HEAD


def install(shell: InteractiveShell) -> Callable[[], None]:
    """Look before and after each of these cells; return the undo."""
    pending: list[Watched] = []

    def before(info: Any) -> None:
        if info.store_history and asked(info.raw_cell.lstrip()):
            pending.append(Watched(shell))

    def after(result: Any) -> None:
        if pending and getattr(getattr(result, "info", None), "store_history", True):
            show(pending.pop(), info_words(result))

    shell.input_transformers_cleanup.append(headless)
    shell.events.register("pre_run_cell", before)
    shell.events.register("post_run_cell", after)

    def undo() -> None:
        if headless in shell.input_transformers_cleanup:
            shell.input_transformers_cleanup.remove(headless)
            shell.events.unregister("pre_run_cell", before)
            shell.events.unregister("post_run_cell", after)

    return undo


def info_words(result: Any) -> list[str]:
    """Return the text after `%%loopcheck`."""
    cell = str(getattr(getattr(result, "info", None), "raw_cell", HEAD)).lstrip()
    return cell.splitlines()[0].split()[1:]


def show(watched: Watched, words: list[str]) -> None:
    """Show what a cell left behind, and any unknown word after the magic."""
    from IPython.display import display

    display(watched.left())
    if words:
        print(f"`{words[0]}` is not known after {HEAD}: leave it out.")


class Watched:
    """One cell, from before its first line to after its last. It holds records, no objects."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self.before = self._look()
        self.dropped = Dropped()
        names = looking.roots(shell)
        self.loop = asyncio._get_running_loop()
        self.undo = [*looking.watch_sites(), self.dropped.install(names)]
        if self.loop is not None:
            stalls.clear()
            self.undo.append(stalls.install(self.loop))
            stalls.begin(self.loop)

    def _look(self) -> Look:
        parts = ("loops", "tasks", "registry")
        return looking.look(parts, looking.roots(self.shell))

    def left(self) -> View:
        """Return what exists now and did not before, by name."""
        if self.loop is not None:
            stalls.end(self.loop)
        gc.collect()  # a coroutine in a cycle is only dropped then
        now = self._look()
        labels = Labels("", cells())
        coroutines = self.dropped.read(labels, looking.roots(self.shell))
        while self.undo:
            self.undo.pop()()
        old_loops = {(loop.role, loop.born) for loop in self.before.loops}
        section = _left_behind.section(
            loops=[loop for loop in now.loops if (loop.role, loop.born) not in old_loops],
            tasks=list(_more(self.before.tasks, now.tasks)),
            registries=[one for one in now.registries if one not in self.before.registries],
            coroutines=coroutines,
            stalls=stalls.stalls(labels),
        )
        return looking.one(section)


def _more(before: tuple[TaskGroup, ...], now: tuple[TaskGroup, ...]) -> list[tuple[int, TaskGroup]]:
    """Return the groups that grew, each with its growth."""
    had = {(one.coroutine, one.loop, one.stack): one.count for one in before}
    grown = [(one.count - had.get((one.coroutine, one.loop, one.stack), 0), one) for one in now]
    return [(count, one) for count, one in grown if count > 0 and one.owner != "machinery"]
