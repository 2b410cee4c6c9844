"""The proof that edits mend a fault: what tests show with them, beside what they show without."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from loopcheck.modes.finding import Finding
from loopcheck.repair.test_runs import Run

TIMES = 3
GOOD = frozenset({"passed", "skipped", "xfailed"})
LONGEST = 160  # characters of an error that is quoted


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether edits are proved, and in words what the runs have shown."""

    proved: bool
    words: str


def files_of(found: Iterable[Finding]) -> list[str]:
    """Return the test files of findings, relative to pytest's root."""
    return list(dict.fromkeys(name.partition("::")[0] for name in _tests(found)))


def is_about(run: Run, files: Sequence[str]) -> bool:
    """True if *run* was one of these test files alone."""
    return {name.partition("::")[0] for name in run.outcomes} <= set(files)


def shows(run: Run, found: Finding) -> bool:
    """True if *run* shows the fault of *found*, in whichever test."""
    return any(_fault(one) == _fault(found) for one in run.findings)


def still_shown(run: Run, before: Run, found: Sequence[Finding]) -> list[Finding]:
    """Return which of *found* a *run* with edits for all of them still shows.

    Lines move, so a fault is known by its text: where several lines have the same, one less for
    each that was mended is what must be left of them.
    """
    was, is_now = (Counter(map(_fault, each.findings)) for each in (before, run))
    mended = Counter(map(_fault, found))
    return [one for one in found if is_now[key := _fault(one)] > max(0, was[key] - mended[key])]


def objection(run: Run, before: Run, found: Sequence[Finding]) -> str | None:
    """Return what a *run* with edits for *found* shows against them; None if it shows nothing."""
    if run.why == "timeout":
        return f"the tests did not end within {run.seconds:.0f} s"
    return next(_objections(run, before, found), None)


def _objections(run: Run, before: Run, found: Sequence[Finding]) -> Iterator[str]:
    mine = _tests(found)
    for file, error in run.errors.items():
        if file not in before.errors and file not in run.outcomes:
            yield f"{file} can't be collected any more: {_short(error)}"
    if not run.outcomes:
        yield f"pytest ran no test: {_short(_last_line(run.output))}"
    for name in mine:
        if run.outcomes.get(name) == "failed":
            yield f"`{_bare(name)}` still fails: {_short(run.errors.get(name, ''))}"
    for name, outcome in before.outcomes.items():
        if name not in run.outcomes:
            yield f"`{_bare(name)}` does not run any more"
        elif outcome == "passed" and run.outcomes[name] != "passed":
            why = _short(run.errors.get(name, ""))
            yield f"`{_bare(name)}` passed before: now it {_verb(run.outcomes[name])}: {why}"
        elif name in mine and run.outcomes[name] not in GOOD:
            yield f"`{_bare(name)}` {_verb(run.outcomes[name])}"
    for name, outcome in run.outcomes.items():
        if name not in before.outcomes and outcome not in GOOD:
            yield f"`{_bare(name)}` runs now, and fails: {_short(run.errors.get(name, ''))}"
    for one in still_shown(run, before, found):
        yield f"{one.code} is still found"
    known = _named(before.findings)
    for one in run.findings:
        if one.certainty != "possible" and not _named([one]) <= known:
            yield f"{one.code} is new: {one.what}"


def words(found: Sequence[Finding], run: Run, every: Run | None) -> str:
    """Return in words what is proved: *every* is a run of all tests, if the edits reach others."""
    mine = [_bare(name) for name in _tests(found)]
    named = f"`{mine[0]}`" if mine else "the run"
    more = f" and {len(mine) - 1} more" if mine[1:] else ""
    passes = "pass" if mine[1:] else "passes"
    others = len(run.outcomes) - len(mine)
    said = f"{named}{more} {passes} {TIMES} times, then in random order, and the fault is gone"
    if every is not None:
        return f"{said}; of all {len(every.outcomes)} tests, none does worse"
    return f"{said}; {_tests_counted(others)} beside: none does worse" if others > 0 else said


def _tests_counted(number: int) -> str:
    return "1 test" if number == 1 else f"{number} tests"


def hidden_behind(run: Run, before: Run, found: Sequence[Finding]) -> list[Finding]:
    """Return what *run* finds in the tests of *found*, now that their own fault is gone."""
    if still_shown(run, before, found):
        return []
    mine = set(_tests(found))
    return [one for one in run.findings if one.edits and mine.intersection(one.tests)]


def _tests(found: Iterable[Finding]) -> list[str]:
    return list(dict.fromkeys(name for one in found for name in one.tests))


def _fault(one: Finding) -> tuple[object, ...]:
    """Return what stays the same of a fault while lines around it change."""
    file = one.where.file if one.where else None
    return one.code, file, one.source, one.subject.name if one.subject else None


def _named(found: Iterable[Finding]) -> set[tuple[str, str | None]]:
    return {(one.code, name) for one in found for name in (None, *one.tests)}


def _bare(name: str) -> str:
    return name.rpartition("::")[2]


def _verb(outcome: str) -> str:
    return {"failed": "fails", "skipped": "is skipped", "xfailed": "fails as expected"}[outcome]


def _last_line(output: str) -> str:
    return next(iter(output.strip().splitlines()[::-1]), "no output")


def _short(said: str) -> str:
    said = " ".join(said.split())
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}…"
