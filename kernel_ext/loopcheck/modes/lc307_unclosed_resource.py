"""LC307 unclosed-resource: a client, pool or session is never closed, or its clean-up fails unseen.

What: a fixture or a test makes a client, and nobody closes it before its loop is closed; or the
      line that is to close it fails inside of a `try` whose `except` goes on.
Why:  the test passes. Its connection stays open until the garbage collector comes by: a server
      counts it, later tests meet its locks and messages, and the warning is hidden by default.
Fix:  who opens it closes it, on the same loop: `async with … as client: yield client`. Let a
      clean-up that fails fail.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.facts.records import Evidence, Subject, Unclosed
from loopcheck.modes.finding import Finding

CODE, SLUG = "LC307", "unclosed-resource"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = (
    "Unclosed client session",
    "Unclosed connector",
    "ResourceWarning: unclosed",
    "unclosed Connection <",
    "unclosed transport",
    "unclosed <socket",
    "trying to clean up non-checked-in connection",
)
CLOSING = ("close", "aclose", "disconnect", "dispose", "wait_closed", "quit")


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name each client that a test left open, by who made it."""
    if evidence.failed or any(_closing(one.name) for one in evidence.dropped):
        return  # it was not over; or it is LC202: its `close()` was called and never awaited
    for one in evidence.unclosed:
        yield _finding(one, evidence)


def _closing(coroutine: str) -> bool:
    return coroutine.rpartition(".")[2] in CLOSING


def _finding(one: Unclosed, evidence: Evidence) -> Finding:
    test = evidence.test.nodeid if evidence.test else None
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=one.name, type=one.type or "client"),
        where=one.clean_up or one.made_at or one.opened_at,
        made_at=one.made_at,
        used_at=one.opened_at,
        test=test,
        phase="teardown" if test else None,
        what=_what(one),
        why=_why(one),
        fix=_fix(one),
    )


def _what(one: Unclosed) -> str:
    loop = f"the {one.scope} loop" if one.scope else "the test's loop"
    it = f"`{one.name}`" if one.made_at else f"What `{one.name}` opened at {one.opened_at}"
    if one.how == "left":
        return f"{it} was still open when {loop} closed: nobody closed it."
    return f"{it} was never closed: the garbage collector took it away, open as it was."


def _why(one: Unclosed) -> str:
    opened = f" Its connection was opened at {one.opened_at}." if one.opened_at else ""
    if one.clean_up is not None:
        return (
            f"The line at {one.clean_up} was to close it and did not, and the `{one.hidden_by}`"
            f" around it hides why.{opened}"
        )
    return (
        "Until the collector comes by, the other end counts it as a client: later tests meet what"
        f" it holds.{opened}"
    )


def _fix(one: Unclosed) -> str:
    if one.clean_up is not None:
        return (
            f"Take the `{one.hidden_by}` at {one.clean_up} away, see what the clean-up raises, and"
            f" close `{one.name}` there."
        )
    if one.fixture:
        return (
            f"Let the fixture close what it gives: `async with … as {one.name}: yield {one.name}`."
        )
    if one.type == "asyncio.StreamWriter":
        name = "writer" if one.name == "_" else one.name
        first = f"Call it `{name}`, and close it" if one.name == "_" else f"Close `{name}`"
        return f"{first} in a `finally`: `{name}.close()`, then `await {name}.wait_closed()`."
    if "." in one.name or not one.name.isidentifier():
        return f"Close `{one.name}` where its owner ends: in the same fixture, or in its tear-down."
    return f"Close `{one.name}` where it is made: `async with … as {one.name}:`."
