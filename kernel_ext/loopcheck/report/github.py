"""Findings for GitHub Actions: commands for annotations at the lines to change, and a job summary.

GitHub reads the summary as markdown with HTML, so we escape all text from tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape

from loopcheck.modes.finding import Finding
from loopcheck.report._story import visible

MOST_ROWS = 50  # a summary may have a megabyte
InRepository = Callable[[str], str | None]  # a file from the run's root: from the repository's


def lines(
    failures: Iterable[Finding], silent: Iterable[Finding], path: InRepository
) -> Iterator[str]:
    """Yield a command for each fault: an error if a test failed, else a warning."""
    said: set[object] = set()
    for level, findings in (("error", failures), ("warning", silent)):
        for one in findings:
            fault = (one.code, one.where, one.subject and one.subject.name)
            if fault not in said:
                said.add(fault)
                yield _line(level, one, path)


def summary(
    failures: Sequence[Finding],
    silent: Sequence[Finding],
    verdict: Sequence[str],
    path: InRepository,
) -> str:
    """Return the section of a job summary: a row for each fault, and what to do about it."""
    found = [*failures, *silent]
    rows = "\n".join(_row(one, one in failures, path) for one in found[:MOST_ROWS])
    more = [f"And {len(found) - MOST_ROWS} more."] if len(found) > MOST_ROWS else []
    head = "<tr><th>mode</th><th>line to change</th><th>what to change</th><th>tests</th></tr>"
    table = f"<table>\n{head}\n{rows}\n</table>"
    nothing = [] if found or verdict else ["Nothing found."]
    parts = ["### loopcheck", *([table] if found else []), *more, *verdict, *nothing]
    return "\n\n".join(parts) + "\n\n"


def _row(one: Finding, failed: bool, path: InRepository) -> str:
    place = ""
    if one.where is not None:
        file = path(one.where.file) or one.where.file
        place = f"<code>{_html(file)}:{one.where.line}</code>"
    tests = f"{one.test}, and {len(one.also)} more" if one.also else one.test or ""
    what = f"{_html(one.what)}<br>{_html(f'Fix: {one.fix}')}"
    mode = f"{one.code} {_html(one.slug)}<br>{'failed' if failed else 'passed'}"
    cells = (mode, place, what, f"<code>{_html(tests)}</code>" if tests else "")
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _html(text: str) -> str:
    return escape(visible(" ".join(text.split())))


def _line(level: str, one: Finding, path: InRepository) -> str:
    known = {"title": f"{one.code} {one.slug}"}
    file = path(one.where.file) if one.where is not None else None
    if one.where is not None and file is not None:
        known = {"file": file, "line": str(one.where.line), **known}
    said = ",".join(f"{key}={_property(value)}" for key, value in known.items())
    return f"::{level} {said}::{_escaped(_message(one))}"


def _message(one: Finding) -> str:
    test = f"{one.test}, and {len(one.also)} more" if one.also else one.test
    said = filter(None, [one.what, one.why, f"Fix: {one.fix}", test and f"In {test}"])
    return "\n".join(visible(line) for part in said for line in part.splitlines())


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(visible(text)).replace(":", "%3A").replace(",", "%2C")
