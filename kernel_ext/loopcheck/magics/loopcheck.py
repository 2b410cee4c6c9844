"""`%loopcheck`: what runs, what waits, what is wrong, and why the last run failed."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

from IPython.core.error import UsageError
from traitlets import Bool, TraitError
from traitlets.config import Config, Configurable

from loopcheck.case import journal
from loopcheck.magics import mending, rescue
from loopcheck.magics.live import live_magic
from loopcheck.magics.near import ASKED, near
from loopcheck.modes import catalogue, nearest_modes
from loopcheck.modes.finding import Finding
from loopcheck.records import Timeline
from loopcheck.report import field_guide, html, looking, text
from loopcheck.report import json as json_words
from loopcheck.report import timeline as picture
from loopcheck.report.view import View
from loopcheck.version import __version__

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

NO_RUN = (
    "No test has run yet, and no cell has failed. Run a cell of tests first (%%ipytest, in a "
    "lesson also %pytest), then ask again."
)
NO_CAUSE = "No cause found beyond what the failure itself says."
LOOK = ("--all", "--deep", "--json")
# Each part with its options; those before any part belong to the summary.
PARTS: dict[str, tuple[str, ...]] = {
    "": LOOK,
    **dict.fromkeys(looking.PARTS, LOOK),
    "why": ("--json",),
    "timeline": (),
    "live": ("--text", "--all"),
    "explain": ("--all", "--pages"),
    "fix": ("--apply", "--all"),
    "rescue": (),
    "clear": (),
}
HELP = """Show what runs in this process, what waits, and why the last run failed.

    %loopcheck                 loops, pending tasks by where they wait, the last run
    %loopcheck loops           each loop: its owner, where it was made, in which thread
    %loopcheck tasks           pending tasks, grouped by the line they wait on
    %loopcheck objects [NAME]  your objects bound to a loop, with the path to the loop
    %loopcheck registry        metrics, handlers, exit hooks; pools and who uses them
    %loopcheck fixtures        the fixtures of the last run
    %loopcheck patches         active patches, and code that still uses the original
    %loopcheck config          how async tests are set up here, and what is out of date

    %loopcheck why             the cause of each failure of the last run, or of the last cell
    %loopcheck why FILE.json   the same, from a report of pytest --loopcheck-json=FILE.json
    %loopcheck timeline        loops, tests and fixtures of the run as a picture
    %loopcheck live            a panel that shows loops, tasks, fixtures and tests while they run;
                               --text prints one frame of it
    %loopcheck fix [TESTS]     the change for each fault of the last %%ipytest cell or %pytest, or
                               of the tests you name, proved in a copy; --apply puts the mended
                               cell below, or writes the files
    %loopcheck explain LC102   the reference page of a failure mode; without a code, all codes
    %loopcheck explain --all   the field guide; with words, a line for each mode that fits,
                               and with --pages their pages
    %loopcheck rescue          end hung test runs, and make print work again
    %loopcheck clear           forget the runs

    --all    also the kernel's own loops and tasks        --json   as JSON
    --deep   also objects that no name leads to: reads the heap

    %%loopcheck                run the cell, `await` and all, and report what it left behind

To make an option the default: %config Loopcheck.all = True; also deep and sites (record where each
new task is created).
"""


class Loopcheck(Configurable):
    """The settings of %loopcheck, and its shell."""

    all = Bool(False, help="Show the kernel's own loops and tasks, too.").tag(config=True)
    deep = Bool(False, help="Read the heap for what no name leads to.").tag(config=True)
    sites = Bool(False, help="Keep where each task is created.").tag(config=True)

    def __init__(self, shell: InteractiveShell) -> None:
        try:
            super().__init__(config=shell.config)
        except TraitError as error:  # a wrong `%config` must not remove the magics
            super().__init__(config=Config())
            print(f"loopcheck is loaded without your settings: {error}")
        self.shell = shell
        self._sites: list[Callable[[], None]] = []
        self.observe(self._watch_sites, "sites")
        self._watch_sites()

    def _watch_sites(self, change: object = None) -> None:
        self.close()
        if self.sites:
            self._sites = looking.watch_sites()

    def close(self) -> None:
        """Stop the watches that the settings started."""
        while self._sites:
            self._sites.pop()()

    def ask(self, line: str) -> View | None:
        """Answer `%loopcheck LINE`."""
        if line.strip() in ASKED:
            return View(HELP.rstrip())
        part, rest = _parsed(line)
        if part in ONE_LINERS:
            return ONE_LINERS[part](rest)
        options = [word for word in rest if word.startswith("--")]
        names = [word for word in rest if word not in options]
        if part != "objects" and names:
            raise _unknown(names[0], part)
        every = self.all or "--all" in options
        if part == "live":
            return live_magic.ask(self.shell, options, machinery=every)
        return self._look(part, names, options, every)

    def _look(self, part: str, names: list[str], options: list[str], every: bool) -> View:
        space = self.shell.user_ns
        missing = [name for name in names if name not in space]
        if missing:
            raise UsageError(f"No name `{missing[0]}` here.{near(missing[0], list(space))}")
        roots = [(name, space[name]) for name in names] or looking.roots(self.shell)
        parts = (part,) if part else looking.SUMMARY
        look = looking.look(parts, roots, deep=self.deep or "--deep" in options, everything=every)
        if "--json" in options:
            return View(json_words.look(look))
        shown = looking.view(look, parts, machinery=every)
        return shown if part else _with_last_run(shown)


def why(rest: list[str]) -> View:
    """Return the causes of the failures in the last run, or in a report: `%loopcheck why`."""
    files = [word for word in rest if word != "--json"]
    if files[1:]:
        raise _unknown(files[1], "why FILE.json")
    run = _read(files[0]) if files else journal.last()
    found = _found(run)
    if "--json" in rest:
        return View(
            json_words.report(
                found,
                version=__version__,
                tests=run.tests if run else 0,
                failed=run.failed if run else 0,
                explained=sum(one.count for one in found),
                timeline=run.timeline if run else Timeline(),
            ).rstrip()
        )
    nothing = _nothing(run)
    return View(text.findings(found, nothing), html.findings(found, nothing))


def timeline(rest: list[str]) -> View:
    """Return the picture of the last run: `%loopcheck timeline`."""
    _nothing_after("timeline", rest)
    run = journal.last()
    shown = run.timeline if run else Timeline()
    return View(picture.text(shown), picture.html(shown))


def explain(rest: list[str]) -> View:
    """Return the page of a mode, all pages, or a line for each mode that words may mean."""
    options = {"--all", "--pages"} & set(rest)
    words = [word for word in rest if word not in options]
    if options and (chapter := nearest_modes.chapter(words)):
        return View(field_guide.as_text(chapter), field_guide.as_html(chapter))
    if not rest:
        return View(nearest_modes.contents("%loopcheck explain"))
    found = nearest_modes.find(" ".join(words)) if words else []
    if not found:
        raise UsageError(_no_mode(words, options))
    if len(found) == 1:
        page = catalogue.page(found[0])
        return View(page, html.page(page))
    if "--pages" in options:
        found.sort(key=lambda mode: mode.code)
        return View(field_guide.as_text(found), field_guide.as_html(found))
    lines = nearest_modes.lines(found, len(found) if options else nearest_modes.MOST)
    said = "\n".join([*lines, f"The page of one: %loopcheck explain {found[0].code}"])
    return View(said, html.page(said))


def _no_mode(words: list[str], options: Collection[str]) -> str:
    """Return that no mode is meant, and what to write instead."""
    if options or words[1:]:
        quoted = " and ".join(f"`{word}`" for word in words)
        return f"No mode has {quoted} on its page. All: %loopcheck explain --all"
    names = [*catalogue.codes(), *(m.slug for m in catalogue.modes())]
    return f"No mode `{words[0]}`: there are {catalogue.spans()}.{near(words[0], names)}"


def clear(rest: list[str]) -> View:
    """Forget all runs: `%loopcheck clear`."""
    _nothing_after("clear", rest)
    count = journal.clear()
    return View(f"Forgot {count} run{'' if count == 1 else 's'}.")


ONE_LINERS: dict[str, Callable[[list[str]], View]] = {
    "why": why,
    "timeline": timeline,
    "explain": explain,
    "fix": mending.fix,
    "rescue": rescue.rescue,
    "clear": clear,
}


def _parsed(line: str) -> tuple[str, list[str]]:
    """Return the part that *line* names, and the words after it."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UsageError(f"%loopcheck {line}: {error}.") from None
    part = words.pop(0) if words and not words[0].startswith("-") else ""
    if part not in PARTS:
        known = [name for name in PARTS if name]
        meant = near(part, known)
        raise UsageError(f"%loopcheck has no `{part}`: there are {', '.join(known)}.{meant}")
    for word in words if part != "fix" else ():  # its other options are pytest's
        if word.startswith("-") and word not in PARTS[part]:
            raise _unknown(word, part)
    return part, words


def _unknown(word: str, part: str) -> UsageError:
    known = PARTS.get(part, ())
    choices = f"it takes {', '.join(known)}" if known else "leave it out"
    asked = f"%loopcheck {part}".strip()
    return UsageError(f"`{word}` is not known after {asked}: {choices}.{near(word, list(known))}")


def _with_last_run(shown: View) -> View:
    """Return the summary with the last run below it."""
    run = journal.last()
    if run is None:
        lines = [NO_RUN]
    elif run.unexplained:
        lines = [run.unexplained]
    elif not run.tests:
        lines = [f"last failure: {run.source}", *text.summary(_found(run))]
    else:
        tests = f"{run.tests} test{'' if run.tests == 1 else 's'}, {run.failed} failed"
        lines = [f"last run: {tests}, {len(run.findings)} explained", *text.summary(_found(run))]
    if run is not None and run.findings:
        lines.append("more: %loopcheck why, %loopcheck timeline")
    said = "\n".join(lines)
    return View(f"{shown.text}\n\n{said}", f"{shown.html}{html.page(said)}")


def _found(run: journal.Run | None) -> tuple[Finding, ...]:
    return tuple(one for one in run.findings if isinstance(one, Finding)) if run else ()


def _nothing(run: journal.Run | None) -> str:
    if run is None:
        return NO_RUN
    if run.unexplained:
        return run.unexplained
    if not run.tests and not run.failed:
        return "Nothing to explain: no test ran."
    if not run.failed:
        one = run.tests == 1
        return f"Nothing to explain: {'the test' if one else f'all {run.tests} tests'} passed."
    return NO_CAUSE


def _read(name: str) -> journal.Run:
    try:
        said = Path(name).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        known = isinstance(error, UnicodeDecodeError)
        said = "it is not text" if known else "no file can have this name"
        reason = getattr(error, "strerror", None) or said
        raise UsageError(f"{name} can't be read: {reason}.") from None
    try:
        found, timeline, counts = json_words.read(said)
    except json_words.NotAReport as error:
        raise UsageError(f"{name}: {error}") from None
    return journal.Run(
        source=name,
        findings=found,
        timeline=timeline,
        tests=counts.get("tests", 0),
        failed=counts["failed"],
    )


def _nothing_after(part: str, rest: list[str]) -> None:
    if rest:
        raise _unknown(rest[0], part)
