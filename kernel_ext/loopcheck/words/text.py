"""Findings as plain text: the form that every other form must agree with."""

from collections.abc import Sequence
from textwrap import TextWrapper

from loopcheck.modes.finding import Finding

# Names and paths are there to be copied, so they are never broken.
WRAP = TextWrapper(88, subsequent_indent=" " * 9, break_long_words=False, break_on_hyphens=False)


def parts(found: Finding) -> list[tuple[str, str]]:
    """Return what is known of *found*, in the order in which a person needs it."""
    path = found.subject.path if found.subject else None
    made = f"{found.made_at}" if found.made_at else ""
    used = f"{found.used_at}" if found.used_at else ""
    known = [
        ("what", found.what),
        ("made", ", bound to ".join(filter(None, (made, found.made_on)))),
        ("used", ", on ".join(filter(None, (used, found.used_on)))),
        ("change", str(found.where or "")),
        ("why", found.why),
        ("fix", found.fix),
        ("path", path or ""),
        ("also", _also(found)),
    ]
    return [(word, said) for word, said in known if said]


def _also(found: Finding) -> str:
    if not found.also:
        return ""
    shown = ", ".join(found.also[:3])
    rest = len(found.also) - 3
    return f"{shown} and {rest} more" if rest > 0 else shown


def head(found: Finding) -> str:
    """Return "LC102 loop-mismatch (certain)"."""
    return f"{found.code} {found.slug} ({found.certainty})"


def finding(found: Finding) -> str:
    """Return a head line, then one hanging paragraph for each thing that is known."""
    lines = [WRAP.fill(f"{word:<9}{said}") for word, said in parts(found)]
    return "\n".join([head(found), *lines, f"more     loopcheck explain {found.code}"])


def findings(found: Sequence[Finding], nothing: str = "") -> str:
    """Return all of *found*, best first; *nothing* says what stands there when there is none."""
    return "\n\n".join(_with_test(one) for one in found) or nothing


def _with_test(found: Finding) -> str:
    if not found.test:
        return finding(found)
    return f"{found.test} [{found.phase or 'call'}]\n{finding(found)}"


def summary(found: Sequence[Finding]) -> list[str]:
    """Return a line for each fault: code, how often, what, where."""
    lines = []
    for one in found:
        name = f"`{one.subject.name}`" if one.subject else ""
        at = f"at {one.where}" if one.where else ""
        times = "" if one.count == 1 else f"{one.count} times"
        said = ", ".join(part for part in (f"{name} {at}".strip(), times) if part)
        lines.append(f"{one.code} {one.slug}  {said}")
    return lines
