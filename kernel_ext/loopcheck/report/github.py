"""Findings as GitHub Actions' workflow commands: each is shown beside the line to change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from loopcheck.modes.finding import Finding
from loopcheck.report._story import visible

InRepository = Callable[[str], str | None]  # a file from the run's root: from the repository's


def lines(
    failures: Iterable[Finding], silent: Iterable[Finding], path: InRepository
) -> Iterator[str]:
    """Yield a command for each fault: an error where a test failed, else a warning."""
    said: set[object] = set()
    for level, findings in (("error", failures), ("warning", silent)):
        for one in findings:
            fault = (one.code, one.where, one.subject and one.subject.name)
            if fault not in said:
                said.add(fault)
                yield _line(level, one, path)


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
