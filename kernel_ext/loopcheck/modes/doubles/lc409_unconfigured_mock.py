"""LC409 unconfigured-mock: the code uses as data what a mock made up, or the side effects ran out.

What: `assert <MagicMock name='mock.execute().scalar()'> == 'Ada'`, a `StopAsyncIteration` without a
      message, a mock in JSON, in a query, in a comparison, or `None` where a user should be.
Why:  a mock answers every attribute and call with another mock. That mock is true, has length 0 and
      equals the number 1, so the first place that looks closely refuses it. A list of side effects
      runs out.
Fix:  configure what the code reads (the mock's name is the path), best with a plain object such as
      `SimpleNamespace(name="Ada")`; then `unittest.mock.seal(session)` turns everything else that
      the code reads into an AttributeError. A spec checks names and arguments, not return values.
Edit: none, since only you know the value that the real object would have.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes._match import an, path_of_mock
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


_PLAIN = {"truth": "None, or to a plain value", "rows": "a list of what the code should find"}


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name each mock whose value no test configured, or whose side effects ran out."""
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
        return f"The code calls `{name}` once more than it has side effects ({one.detail})."
    if one.got == "NoneType":
        return f"`{one.said}` is None because the mock `{name}` is configured to return that."
    made_up = f"`{name}` is a value that {an(one.subject.type)} made up"
    line = one.used_at or "the code"
    if one.wanted == "rows":
        return f"{made_up}, and {line} iterates over it and finds nothing."
    if one.wanted == "truth":
        return f"{made_up}, and it counts as true, so {line} raises."
    return f"{made_up}, and the failing line uses it as data."


def _why(one: DoubleRecord) -> str:
    if one.wanted == "more":
        stops = "StopAsyncIteration" if one.kind == "async" else "StopIteration"
        return f"Each side effect in a list serves one call; the next call raises {stops}."
    if one.got == "NoneType":
        return "None lacks what the line reads, because the test never configured it."
    if one.wanted == "rows":
        return "The test did not configure it, and iterating over a mock yields nothing."
    return "The test did not configure it, and a mock answers everything with another mock."


SEALED = (
    "each unconfigured attribute that a line reads raises an AttributeError, also a harmless one."
)


def _fix(one: DoubleRecord) -> str:
    name = one.subject.name
    at = one.set_at or one.made_at
    here = f" at {at}" if at else ""
    if one.wanted == "more":
        return f"Give `{name}.side_effect`{here} one entry for each call, or a function."
    path = path_of_mock(one)
    if one.got == "NoneType":
        return (
            f"Set `{path}.return_value`{here} to an object with the attributes that the line reads."
        )
    _, _, asked = path.partition(".")
    if one.unnamed and asked:
        made = f" created{here}" if here else ""
        return (
            f"Assign the mock{made} to a variable, and set its `{asked}` to a plain value. To find"
            f" others like it, `seal` it for one run: {SEALED}"
        )
    first = ".".join(name.split(".")[: 2 if name.startswith("self.") else 1])
    root = one.made_at.name if one.made_at and one.made_at.name else first
    made = f" (`{root}` is created{here})" if here else ""
    plain = _PLAIN.get(one.wanted, "a plain value")
    return (
        f"Set `{path}` to {plain}{made}. To find others like it, call `seal({root})` for one run:"
        f" {SEALED}"
    )
