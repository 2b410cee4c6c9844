"""What a client gets: plain data of limited size, and the same as text."""

import re
import shlex
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from loopcheck.modes import catalogue
from loopcheck.modes.finding import Finding
from loopcheck.repair.test_runs import Run
from loopcheck.report import brief, hang, text
from loopcheck.report import json as json_words
from loopcheck.report._story import visible

MOST = 10  # causes, and failures without one
LONGEST = 400  # characters of one value
LONGEST_TEXT = 12_000  # characters of the whole text
LINES_OF_OUTPUT = 15
FAILURES = re.compile(r"^=+ (FAILURES|ERRORS) =+$", re.MULTILINE)
NO_MODE = "No mode of loopcheck explains this failure."
ALONE = "This was a run of this test alone."


@dataclass(frozen=True, slots=True)
class Result:
    """An answer as text, and as data."""

    text: str
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def short_text(self) -> str:
        """The text, cut at a line where it is too long, which it then says."""
        if len(self.text) <= LONGEST_TEXT:
            return self.text
        kept = self.text[:LONGEST_TEXT].rpartition("\n")[0] or self.text[:LONGEST_TEXT]
        return f"{kept}\n… cut: {len(self.text) - len(kept)} characters more"


def of_run(run: Run) -> Result:
    """Return what *run* showed: counts, causes, and failures that no mode explains."""
    counts = Counter(run.outcomes.values())
    explained = {name for one in run.findings for name in one.tests}
    unexplained = {name: error for name, error in run.errors.items() if name not in explained}
    data: dict[str, Any] = {
        "counts": {"tests": len(run.outcomes), **dict(sorted(counts.items()))},
        "causes": [_cause(one, run) for one in run.findings[:MOST]],
        "unexplained": [
            {"test": name, "error": _clipped(error)}
            for name, error in [*unexplained.items()][:MOST]
        ],
        "truncated": max(len(run.findings), len(unexplained)) > MOST,
    }
    if (said := _not_ended(run)) is not None:
        data["stopped"] = said
    lines = [_counted(run, counts), *_lines(data, run)]
    if run.held:
        data["held"] = _clipped(run.held)
        lines.append(run.held)
    if data["truncated"]:
        lines.append(f"Only the first {MOST} are listed. Name fewer tests to see the others.")
    return Result("\n".join(lines), data)


def is_explained(run: Run, name: str) -> bool:
    """True if *run* has a finding about the test, or if it has not failed."""
    return run.outcomes.get(name, "failed") != "failed" or bool(_about(run, name))


def _about(run: Run, name: str) -> list[Finding]:
    return [one for one in run.findings if name in one.tests]


def of_test(run: Run, name: str) -> Result:
    """Return all that *run* showed of one test."""
    found = _about(run, name)
    error = run.errors.get(name, "")
    outcome = run.outcomes.get(name, "failed")
    data: dict[str, Any] = {"test": name, "outcome": outcome, "findings": [*map(_whole, found)]}
    lines = [visible(f"{name}: {outcome}")]
    if error:
        data["error"] = _clipped(error)
        lines.append(data["error"])
    lines += [f"\n{text.finding(one)}" for one in found]
    if not found:
        lines.append(NO_MODE if outcome == "failed" else "Nothing was found in it.")
    return Result("\n".join(lines), data)


def of_test_alone(run: Run, name: str) -> Result:
    """Return the same of a *run* of that test alone, with what pytest printed if it failed."""
    shown = of_test(run, name)
    if is_explained(run, name):
        passed = run.outcomes.get(name) == "passed"
        return Result(f"{shown.text}\n{ALONE}", shown.data) if passed else shown
    output = run.output.strip()
    if (heading := FAILURES.search(output)) is not None:
        output = output[heading.start() :]
    return Result(f"{shown.text}\n\n{output}", shown.data | {"output": output})


def of_hangs(run: Run, limit: float) -> Result:
    """Return what each test that was stopped after *limit* seconds waited for."""
    hung = [name for name, error in run.errors.items() if hang.is_ended(error)]
    shown = [of_test(run, name) for name in hung[:MOST]]
    counts = Counter(run.outcomes.values())
    data: dict[str, Any] = {
        "counts": {"tests": len(run.outcomes), **dict(sorted(counts.items()))},
        "hung": [one.data for one in shown],
        "truncated": len(hung) > MOST,
    }
    lines = [_counted(run, counts), *(f"\n{one.text}" for one in shown)]
    if not hung:
        lines.append(f"No test hung for {limit:g} s.")
    if (said := _not_ended(run)) is not None:
        data["stopped"] = said
        lines.append(f"\n{said}")
    return Result("\n".join(lines), data)


def _whole(found: Finding) -> dict[str, Any]:
    """Return the plain values of *found*, without its edits: the tool `fix` has those."""
    known = json_words.finding(found)
    known["edit"] = bool(known.pop("edits", ()))
    known["also"] = known.get("also", [])[:MOST]
    return known


def _cause(found: Finding, run: Run) -> dict[str, Any]:
    known = {
        "code": found.code,
        "slug": found.slug,
        "certainty": found.certainty,
        "test": found.test,
        "also": list(found.also[:3]),
        "count": found.count,
        "failed": any(run.outcomes.get(name) == "failed" for name in found.tests),
        "change": str(found.where or ""),
        "source": found.source,
        "what": found.what,
        "fix": found.fix,
        "edit": bool(found.edits),
        "rerun": rerun(found),
    }
    return {
        name: _clipped(value) if isinstance(value, str) else value
        for name, value in known.items()
        if value not in (None, "", [])
    }


def rerun(found: Finding) -> str | None:
    """Return the command that shows *found* again; None if it is no test's."""
    if found.test is None:
        return None
    return shlex.join(["pytest", "--loopcheck", catalogue.test_to_run(found.code, found.test)])


def _lines(data: dict[str, Any], run: Run) -> Iterator[str]:
    for one in run.findings[:MOST]:
        yield ""
        yield brief.cause(one, rerun=rerun(one))
        if one.edits:
            yield f"{brief.INDENT}edit   the tool `fix` proves a change, and writes it if asked"
    if data["unexplained"]:
        yield ""
        yield "Failed without a cause that loopcheck knows:"
        for one in data["unexplained"]:
            yield f"{one['test']}: {one['error']}"
    if "stopped" in data:
        yield ""
        yield data["stopped"]


def _counted(run: Run, counts: Counter[str]) -> str:
    total = len(run.outcomes)
    said = ", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items()))
    return f"{total} test{'' if total == 1 else 's'}{f': {said}' if said else ''}"


def _not_ended(run: Run) -> str | None:
    """Return why the run has not come to its end; None if it has."""
    if run.why == "timeout":
        return (
            f"The tests did not end within {run.seconds:.0f} s and were stopped. What a test waits "
            "for: hang_of. Longer: timeout."
        )
    if run.ended:
        return None
    last = "\n".join(run.output.strip().splitlines()[-LINES_OF_OUTPUT:])
    return f"pytest ran no test, and ended with code {run.code}:\n{last}"


def _clipped(said: str) -> str:
    said = visible(said)
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}…"
