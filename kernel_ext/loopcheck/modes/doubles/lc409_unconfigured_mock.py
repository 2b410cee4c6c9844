"""LC409 unconfigured-mock: what a mock made up, or ran out of, travels on as if it were data.

What: `assert <MagicMock name='mock.execute().scalar()'> == 'Ada'`, a `StopAsyncIteration` without a
      word, a mock in JSON, in a query, in a comparison, or `None` where a user should be.
Why:  whatever is asked of a mock, it gives another mock. That is true, has the length 0, is the
      number 1, and only the first place that looks closely refuses it. A list of side effects ends.
Fix:  configure what is read (the mock's name is the path), best with a plain object such as
      `SimpleNamespace(name="Ada")`; then `unittest.mock.seal(session)`: what is still made up is an
      AttributeError at the line that asks. A spec checks names and arguments, not return values.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import DoubleRecord, Evidence

CODE, SLUG = "LC409", "unconfigured-mock"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = (
    "<MagicMock name='",
    "<AsyncMock name='",
    "<Mock name='",
    "'MagicMock' is not supported",
    "Invalid input of type: 'MagicMock'",
    "input_type=MagicMock",
    "StopAsyncIteration",
    "StopIteration",
    "Mock keys must be",
    "of type MagicMock is not JSON serializable",
    "'MagicMock' and '",
    "and 'MagicMock'",
    "'NoneType' object has no attribute + Mock",
    "DID NOT RAISE + Mock",
    "maximum recursion depth exceeded + fastapi",
)


_PLAIN = {"truth": "None, or to a plain value", "rows": "a list of what is to be found"}


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name each mock whose value nobody decided, or whose side effects are used up."""
    for one in evidence.doubles:
        if one.wanted in ("value", "truth", "rows", "more"):
            yield _finding(one)


def _finding(one: DoubleRecord) -> Finding:
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if one.sure else "likely",
        subject=one.subject,
        where=one.set_at or one.made_at,
        made_at=one.made_at,
        used_at=one.used_at,
        what=_what(one),
        why=_why(one),
        fix=_fix(one),
    )


def _what(one: DoubleRecord) -> str:
    name = one.subject.name
    if one.wanted == "more":
        return f"The double `{name}` was asked once more than it has side effects ({one.detail})."
    if one.got == "NoneType":
        return f"`{one.said}` is None: so the double `{name}` was told, and the line reads on."
    kind = f"{'an' if one.subject.type.startswith('A') else 'a'} {one.subject.type}"
    line = one.used_at or "the code"
    if one.wanted == "rows":
        return f"`{name}` is what {kind} made up: {line} goes over it, and finds nothing in it."
    if one.wanted == "truth":
        return f"`{name}` is what {kind} made up: {line} takes it for true, and so it raises."
    return f"`{name}` is what {kind} made up, and the failing line takes it for data."


def _why(one: DoubleRecord) -> str:
    if one.wanted == "more":
        stops = "StopAsyncIteration" if one.kind == "async" else "StopIteration"
        return f"A list of side effects serves one call each; the next raises {stops}, wordless."
    if one.got == "NoneType":
        return "A return value of None has no attributes; what the line reads was never configured."
    if one.wanted == "rows":
        return "Nobody said what is in it, and a mock that is gone over is empty."
    return (
        "Nobody said what is to be there, and whatever is asked of a mock, it gives another mock."
    )


def _fix(one: DoubleRecord) -> str:
    name = one.subject.name
    at = one.set_at or one.made_at
    here = f" at {at}" if at else ""
    if one.wanted == "more":
        return f"Give `{name}.side_effect`{here} one for each call, or a function."
    path = name.replace("()", ".return_value")
    if one.got == "NoneType":
        return f"Set `{path}.return_value`{here} to an object that has what is read."
    _, _, asked = path.partition(".")
    if one.unnamed and asked:
        made = f" made{here}" if here else ""
        return (
            f"Give the mock{made} a name, and set its `{asked}` to a plain value; then `seal`"
            " refuses what is still made up."
        )
    first = ".".join(name.split(".")[: 2 if name.startswith("self.") else 1])
    root = one.made_at.name if one.made_at and one.made_at.name else first
    made = f" (`{root}` is made{here})" if here else ""
    plain = _PLAIN.get(one.wanted, "a plain value")
    return f"Set `{path}` to {plain}{made}; then `seal({root})` refuses what is still made up."
