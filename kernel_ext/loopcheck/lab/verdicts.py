"""A verdict in words. Nothing depends on colour alone."""

import sys
import textwrap

from loopcheck.lab.exercise import Exercise, Requirement
from loopcheck.lab.grading import Checked, Verdict

INDENT = "    "
BUSY = (
    "This machine has much to do, and the second run had three times as long. It may not be your "
    "answer: run the cell again when the machine is quieter."
)
PRINTED = 12  # lines of the answer's own output that are shown


def mark(sign: str, plain: str) -> str:
    """Return *sign*, or *plain* if the terminal cannot write it."""
    try:
        sign.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return plain
    return sign


def requirement(one: Checked) -> str:
    """Return the line of a requirement, and below an unmet one what was seen."""
    name = one.requirement.name
    if one.met:
        return f"{mark('✓', '[ok]')} {name}"
    lines = [f"{mark('✗', '[no]')} {name}: not yet"]
    lines.append(paragraph(f"{one.seen or ''}{':' if one.bug else ''}", INDENT))
    lines += [f"{INDENT}  {line}" for line in one.bug]
    if one.busy:
        lines.append(paragraph(BUSY, INDENT))
    return "\n".join(lines)


def running(one: Requirement, seconds: int) -> str:
    """Return the line of the requirement that is being checked, for *seconds* by now."""
    return f"{mark('…', '[..]')} checking: {one.name}{f' ({seconds} s)' if seconds else ''}"


def paragraph(text: str, indent: str = "") -> str:
    """Return *text* wrapped; names and paths stay whole."""
    return textwrap.fill(
        text,
        88,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def sentence(text: str) -> str:
    """Return *text* with a capital and one full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def closing(
    exercise: Exercise,
    verdict: Verdict,
    remarks: list[str],
    next_step: str,
    *,
    solved: bool = False,
) -> str:
    """Return what follows the requirements: remarks, and what to do now.

    *solved*: an earlier answer has passed.
    """
    later = sum(not one.looked for one in verdict.checked)
    parts = [f"{mark('·', '[ ]')} not checked yet: {later} more"] if later else []
    parts += map(paragraph, [*answers(verdict), *remarks])
    if verdict.output.strip():
        parts.append(printed(verdict.output))
    if verdict.passed:
        parts.append(paragraph(f"{exercise.code} is solved. {exercise.learned} {next_step}"))
    else:
        why = "Why: %loopcheck why. " if verdict.explained else ""
        nudge = f"For a hint: %hint {exercise.code}. Then run the cell again."
        stands = "stays solved, but not by this answer" if solved else "is still open"
        parts.append(paragraph(f"{exercise.code} {stands}. {why}{nudge}"))
    return "\n".join(parts)


def answers(verdict: Verdict) -> list[str]:
    """Return the answers to the wrong turns taken. A right answer can drop them."""
    if not verdict.passed:
        return [turn.answer for turn in verdict.turns]
    names = ", ".join(turn.name for turn in verdict.turns)
    return (
        [f"You probably don't need this: {names}. Remove it and run the cell again."]
        if names
        else []
    )


def printed(output: str) -> str:
    """Return the first lines of what the answer printed."""
    lines = output.rstrip().splitlines()
    shown = [line[:200] for line in lines[:PRINTED]]
    if len(lines) > PRINTED:
        shown.append(f"… and {len(lines) - PRINTED} lines more")
    return textwrap.indent("\n".join(["Your code printed:", *shown]), "    ").lstrip()


def opening(exercise: Exercise) -> str:
    """Return the task, the file to write and the files that stay as they are."""
    parts = [
        paragraph(f"{exercise.code}: {exercise.task}"),
        paragraph(
            f"Write {exercise.edits} in a cell that begins with %%exercise {exercise.code}. "
            f"%exercise {exercise.code} --skeleton puts the file you began with into a new cell."
        ),
    ]
    for name, text in exercise.frozen.items():
        parts.append(f"{name} stays as it is:\n" + textwrap.indent(text.rstrip(), "    "))
    return "\n\n".join(parts)


def before_solution(exercise: Exercise, taken: int) -> str:
    """Return the number of hints left, and the command that shows the solution all the same."""
    left, most = len(exercise.hints) - taken, len(exercise.hints)
    return (
        f"{left} of {most} hints are left: %hint {exercise.code}.\n"
        f"The solution, with its reasons: %solution {exercise.code} show"
    )
