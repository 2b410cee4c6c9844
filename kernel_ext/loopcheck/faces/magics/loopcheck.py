"""`%loopcheck`: what the last run left, and why it failed."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from loopcheck import __version__
from loopcheck.faces.view import View
from loopcheck.facts import journal
from loopcheck.facts.records import Timeline
from loopcheck.modes import catalogue
from loopcheck.modes.finding import Finding
from loopcheck.words import html, text
from loopcheck.words import json as json_words
from loopcheck.words import timeline as picture

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

NO_RUN = "Nothing has run yet. Run a cell of tests with %%ipytest, then ask again."
NO_CAUSE = "No cause found beyond what the failures themselves say."
HELP = """Show why the last run failed, and on which loops.

    %loopcheck                what the last run left, in a few lines
    %loopcheck why            the cause of each failure: object, loops, the line to change
    %loopcheck why FILE.json  the same, of a report made with pytest --loopcheck-json=FILE.json
    %loopcheck timeline       loops, tests and fixtures of the run as a picture
    %loopcheck explain LC102  the reference page of a failure mode
    %loopcheck clear          forget the runs
    --json                    after `why`: the findings as JSON
"""


def summary(rest: list[str]) -> View:
    _nothing_after("", rest)
    run = journal.last()
    if run is None:
        return View(NO_RUN)
    tests = f"{run.tests} test{'' if run.tests == 1 else 's'}, {run.failed} failed"
    lines = [f"last run: {tests}, {len(run.findings)} explained", *text.summary(_found(run))]
    if run.findings:
        lines.append("more: %loopcheck why, %loopcheck timeline")
    said = "\n".join(lines)
    return View(said, html.page(said))


def why(rest: list[str]) -> View:
    as_json = "--json" in rest
    files = [word for word in rest if word != "--json"]
    _nothing_after("why FILE.json", files[1:])
    if files:
        run: journal.Run | None = _read(files[0])
    else:
        run = journal.last()
    found = _found(run)
    if as_json:
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
    _nothing_after("timeline", rest)
    run = journal.last()
    shown = run.timeline if run else Timeline()
    return View(picture.text(shown), picture.html(shown))


def explain(rest: list[str]) -> View:
    if len(rest) != 1:
        raise UsageError(f"Which mode? %loopcheck explain CODE: there are {_codes()}.")
    mode = catalogue.find(rest[0])
    if mode is None:
        names = [*catalogue.codes(), *(m.slug for m in catalogue.modes())]
        raise UsageError(f"No mode `{rest[0]}`: there are {_codes()}.{_near(rest[0], names)}")
    page = catalogue.page(mode)
    return View(page, html.page(page))


def clear(rest: list[str]) -> View:
    _nothing_after("clear", rest)
    count = journal.clear()
    return View(f"Forgot {count} run{'' if count == 1 else 's'}.")


PARTS: dict[str, Callable[[list[str]], View]] = {
    "why": why,
    "timeline": timeline,
    "explain": explain,
    "clear": clear,
}


def loopcheck(line: str) -> View:
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UsageError(f"%loopcheck {line}: {error}.") from None
    if not words:
        return summary([])
    part = PARTS.get(words[0])
    if part is None:
        known = ", ".join(PARTS)
        near = _near(words[0], list(PARTS))
        raise UsageError(f"%loopcheck has no `{words[0]}`: there are {known}.{near}")
    return part(words[1:])


loopcheck.__doc__ = HELP


def _found(run: journal.Run | None) -> tuple[Finding, ...]:
    return tuple(one for one in run.findings if isinstance(one, Finding)) if run else ()


def _nothing(run: journal.Run | None) -> str:
    if run is None:
        return NO_RUN
    if not run.failed:
        one = run.tests == 1
        return f"Nothing to explain: {'the test' if one else f'all {run.tests} tests'} passed."
    return NO_CAUSE


def _read(name: str) -> journal.Run:
    try:
        said = Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not text"
        raise UsageError(f"{name} can't be read: {why}.") from None
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
        known = f"%loopcheck {part}".strip()
        raise UsageError(f"`{rest[0]}` is not known after {known}: leave it out.")


def _codes() -> str:
    return ", ".join(catalogue.codes())


def _near(word: str, names: list[str]) -> str:
    folded = {name.lower(): name for name in names}
    near = get_close_matches(word.lower(), folded, n=1)
    return f" Did you mean `{folded[near[0]]}`?" if near else ""


def register(shell: InteractiveShell) -> None:
    shell.magics_manager.register_function(loopcheck, "line", "loopcheck")


def unregister(shell: InteractiveShell) -> None:
    if shell.magics_manager.magics["line"].get("loopcheck") is loopcheck:
        del shell.magics_manager.magics["line"]["loopcheck"]
