"""Our text on a report: as a part of the failure's representation, so that all reporters have it.

Files (JUnit XML, JSON, TAP, Allure) have what a terminal prints of the representation, and leave
the report's sections out. pytest's own terminal prints both, but no section with
`--show-capture=no`. A representation that is only a text stays as it is: the section has ours then.
"""

from __future__ import annotations

from typing import Any

from loopcheck.plugin.report_attributes import TITLE


def read_text(report: Any) -> str | None:
    """Return our text on *report*, None if it has none."""
    for name, said, *_ in (*_of_the_failure(report), *report.sections):
        if name == TITLE:
            return str(said)
    return None


def put_text(report: Any, said: str | None) -> None:
    """Replace our text on *report* by *said*; None removes it."""
    in_failure = _in_failure(report)
    if in_failure is not None:
        in_failure[:] = [one for one in in_failure if one[0] != TITLE]
    report.sections[:] = [one for one in report.sections if one[0] != TITLE]
    if said is None:
        return
    if in_failure is not None:
        in_failure.append((TITLE, said, "-"))
    else:
        report.sections.append((TITLE, said))


def put_section(report: Any) -> None:
    """Add our text to the sections, too, for a terminal that draws tracebacks in its own way."""
    said = read_text(report)
    if said is not None and TITLE not in dict(report.sections):
        report.sections.append((TITLE, said))


def _of_the_failure(report: Any) -> list[Any]:
    return _in_failure(report) or []


def _in_failure(report: Any) -> list[Any] | None:
    """Return the sections of the failure's representation; only that of an exception has them."""
    sections = getattr(report.longrepr, "sections", None)
    return sections if type(sections) is list else None
