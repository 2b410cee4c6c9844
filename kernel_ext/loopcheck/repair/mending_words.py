"""What came of each fault, in words: the diff, the proof, and what else could be done."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from loopcheck.repair.diffs import coloured, diff
from loopcheck.repair.mending import Outcome
from loopcheck.repair.test_runs import Run
from loopcheck.report import text
from loopcheck.report._story import visible

MOST_NAMES = 3


def outcome(one: Outcome, root: Path, *, colour: bool = False) -> str:
    """Return the paragraphs about one fault."""
    lines = [heading(one)]
    if (done := one.proved) is not None:
        said = patch(one, root)
        lines += ["", coloured(said) if colour else said, ""]
        lines.append(text.paragraph("edit", _suggested(done.way.words, done.way.safe)))
        lines += [text.paragraph("with", f"{also.code} {also.slug}") for also in one.also]
        lines.append(text.paragraph("proved", visible(done.proof.words)))
        lines += [text.paragraph("or", visible(other.words)) for other in one.others]
    elif one.attempts:
        for attempt in one.attempts:
            lines.append(text.paragraph("tried", visible(attempt.way.words)))
            lines.append(text.paragraph("but", visible(attempt.proof.words)))
        lines.append(text.paragraph("fix", visible(one.finding.fix)))
    else:
        lines.append(text.paragraph("no edit", visible(one.finding.fix)))
    return "\n".join(lines)


def heading(one: Outcome) -> str:
    """Return "LC202 never-awaited  tests/test_cart.py:12  test_read"."""
    found = one.finding
    parts = (f"{found.code} {found.slug}", str(found.where or ""), found.test or "")
    return visible("  ".join(filter(None, parts)))


def patch(one: Outcome, root: Path) -> str:
    """Return the diff of the proved edit, its files relative to *root*."""
    return "\n".join(
        diff(path.relative_to(root).as_posix(), then, now) for path, then, now in one.changed
    )


def patches(changes: Mapping[Path, tuple[bytes, bytes]], root: Path) -> str:
    """Return the diff of all *changes*, each with a line end."""
    return "".join(
        diff(path.relative_to(root).as_posix(), *map(_text, both)) + "\n"
        for path, both in changes.items()
    )


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _suggested(words: str, safe: bool) -> str:
    return visible(words if safe else f"{words} (a suggestion: read what it changes)")


def summary(first: Run, done: Sequence[Outcome], written: str, command: str) -> str:
    """Return the last line: what was proved, and what is *written*, or the *command* for that.

    Above it stands what held the process after its tests, and what fails for another reason.
    """
    above = [first.held] if first.held else []
    explained = {name for one in first.findings for name in one.tests}
    failed = (name for name, outcome in first.outcomes.items() if outcome == "failed")
    others = [name for name in failed if name not in explained]
    if done and others:
        more = f" and {len(others) - MOST_NAMES} more" if len(others) > MOST_NAMES else ""
        names = visible(", ".join(others[:MOST_NAMES]))
        above.append(f"No mode fits the failure of {names}{more}.")
    return "\n\n".join([*above, _summary(first, done, written, command)])


def _summary(first: Run, done: Sequence[Outcome], written: str, command: str) -> str:
    failed = first.count("failed")
    if not done and failed:
        return f"{_counted(failed, 'test')} failed, and nothing in the modes fits."
    if not done:
        return f"Nothing to fix: {_counted(len(first.outcomes), 'test')}, no fault."
    faults = len(done) + sum(len(one.also) for one in done)
    bare = sum(not one.attempts for one in done)
    failing = sum(one.proved is None for one in done) - bare
    proved = faults - bare - failing
    parts = (proved, "proved"), (failing, "not proved"), (bare, "without an edit")
    counted = ", ".join(f"{number} {said}" for number, said in parts if number)
    said = f"{_counted(faults, 'fault')}: {counted}"
    if written:
        return f"{said}. Changed: {written}"
    return f"{said}. To write what is proved: {command}" if proved else said


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
