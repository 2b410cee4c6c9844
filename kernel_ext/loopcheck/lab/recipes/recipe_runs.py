"""Runs recipes, several at a time, each in its own processes."""

import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack
from typing import get_args

from loopcheck.children import temporary_folders
from loopcheck.lab import graded_run
from loopcheck.lab.projects import output_masks
from loopcheck.lab.projects.project_files import write_files
from loopcheck.lab.recipes.recipe import NAME, SERVERS, Part, Recipe, Result, Row
from loopcheck.lab.seen import Seen
from loopcheck.source.settings_names import NAMES

AT_ONCE = 3  # on two cores: recipes that hang need none
AUTO = ("-o", "asyncio_mode=auto")


def results(recipes: Sequence[Recipe]) -> Generator[Result, None, None]:
    """Run *recipes* and yield each result, in their order, as soon as it is known."""
    with ExitStack() as undo:
        waiting, found = list(enumerate(recipes)), dict[int, Result]()
        running: dict[int, Generator[None, None, Result]] = {}
        for due in range(len(recipes)):
            while due not in found:
                while waiting and len(running) < AT_ONCE:
                    at, recipe = waiting.pop(0)
                    running[at] = run(recipe)
                    undo.callback(running[at].close)
                for at, steps in list(running.items()):
                    try:
                        next(steps)
                    except StopIteration as done:
                        found[at] = done.value
                        del running[at]
            yield found.pop(due)


def run(recipe: Recipe) -> Generator[None, None, Result]:
    """Run *recipe*; yield while it runs."""
    if lacks := " and ".join(name for name in recipe.needs if not _there(name)):
        return Result(recipe=recipe, lacks=f"it needs {lacks}: run the first cell")
    rows: list[Row] = []
    for folder, files in recipe.runs().items():
        seen = Seen()
        yield from _watch(files, recipe.seconds, seen)
        rows += _rows(seen, folder, recipe.seconds)
    return Result(recipe=recipe, rows=tuple(sorted(rows, key=_order)))


def _there(server: str) -> bool:
    """True if a real *server* was started: our replacement has another scheme."""
    name, scheme = SERVERS[server]
    return os.environ.get(name, "").startswith(scheme)


def _watch(files: dict[str, str], seconds: float, seen: Seen) -> Generator[None, None, None]:
    with temporary_folders.Folder() as home:
        folder, events = home / "recipe", home / "events"
        write_files(folder, files)
        own = any(name in NAMES for name in files)
        command = [*graded_run.command_of(folder, events, own_config=own), *(() if own else AUTO)]
        clock = graded_run.EachTest(seconds)
        yield from graded_run.follow(command, folder, events, clock, seen)
        seen.output = output_masks.mask(seen.output, [str(folder)])


def _order(row: Row) -> int:
    parts: tuple[str, ...] = get_args(Part)
    return parts.index(row.part)


def _rows(seen: Seen, folder: str, seconds: float) -> Iterator[Row]:
    """Yield what each test did, or one row if no test was collected."""
    inside = {"advice": "advice", "without": "without"}.get(folder)
    if not seen.collected:
        words = seen.unreadable or output_masks.last_error(seen.output)
        part: Part = "without" if inside == "without" else "advice"
        asked = "pytest starts"
        yield Row(
            part=part, asked=asked, outcome="did not start", words=output_masks.one_line(words)
        )
        return
    for test in seen.collected:
        found = NAME.match(test)
        if found is None:
            continue  # a helper that has to be a test: of two tests, the one that runs first
        part, asked = found[1], found[2].replace("_", " ")  # type: ignore[assignment]
        if test == seen.running:
            words = f"still at it after {seconds:g} seconds, and ended"
            yield Row(part=part, asked=asked, outcome="never ended", words=words)
        elif test in seen.outcomes:
            held = seen.outcomes[test] == "passed"
            words = (
                "" if held else output_masks.one_line(seen.failures.get(test, seen.outcomes[test]))
            )
            yield Row(part=part, asked=asked, outcome="passed" if held else "failed", words=words)
