"""One look at the process, and its parts: the same for `%loopcheck` and `loopcheck.look()`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from loopcheck.case import look as one_look
from loopcheck.labels import Labels, cells
from loopcheck.process import bound_objects
from loopcheck.records import Look
from loopcheck.report import _bound, _registries, html, sections, text
from loopcheck.report.sections import Section
from loopcheck.report.view import View
from loopcheck.source import modules
from loopcheck.watch import tasks as sites

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

SUMMARY = ("loops", "tasks")
Sections = Callable[[Look, bool], tuple[Section, ...]]

# The content of each part. The look only collects what the requested parts need.
PARTS: dict[str, Sections] = {
    "loops": lambda look, every: (sections.loops(look.loops, machinery=every),),
    "tasks": lambda look, every: (sections.tasks(look.tasks, look.task_count, machinery=every),),
    "objects": lambda look, every: (_bound.objects(look.objects),),
    "registry": lambda look, every: (
        _registries.registries(look.registries),
        _registries.pools(look.pools),
    ),
    "fixtures": lambda look, every: (_bound.fixtures(look.fixtures),),
    "patches": lambda look, every: (_registries.patches(look.patches),),
    "config": lambda look, every: (_registries.config(look.config),),
}


def roots(shell: InteractiveShell | None = None) -> list[tuple[str, object]]:
    """Return the names where the search for objects starts: a notebook's, else the modules'."""
    if shell is None:
        return list(modules.roots())
    return list(bound_objects.users_names(shell.user_ns, shell.user_ns_hidden))


def look(
    parts: Collection[str],
    names: Iterable[tuple[str, object]],
    *,
    deep: bool = False,
    everything: bool = False,
) -> Look:
    """Look at the process once; each look numbers from one again."""
    return one_look.look(
        Labels(str(Path.cwd()), cells()),
        parts,
        roots=names,
        sites=sites.site,
        deep=deep,
        everything=everything,
    )


def watch_sites() -> list[Callable[[], None]]:
    """Record where tasks are created, here and on loops to come; return the undo."""
    running = asyncio._get_running_loop()
    here = [sites.install(running)] if running is not None else []
    return [*here, sites.install()]


def view(
    look: Look, parts: Iterable[str], *, machinery: bool = False, width: int = text.COLUMNS
) -> View:
    """Return the *parts* of a look as text of at most *width* columns, and as HTML."""
    shown = [section for part in parts for section in PARTS[part](look, machinery)]
    notes = "\n".join(look.notes)
    said = [text.section(section, width) for section in shown]
    rich = [html.section(section) for section in shown]
    if notes:
        said.append(notes)
        rich.append(html.page(notes))
    return View("\n\n".join(said), "".join(rich))


def one(section: Section) -> View:
    """Return a single section as text and HTML."""
    return View(text.section(section), html.section(section))
