"""LC508 bytes-or-str: a store's client returns bytes, and the code expects text.

What: the code compares `b"42"` with `"42"`, looks for one in a list or set of the other, or uses it
      as the key of a dict.
Why:  the store keeps bytes. A client returns them as they are unless it was created with
      `decode_responses=True`. Bytes and text are never equal, so a branch can also fail silently.
Fix:  set `decode_responses=True` in the one line that creates the client, the same for the tests
      and the application. A client with a `connection_pool` ignores it: there the pool decides.
      Numbers: `int(await client.get("n"))`. `str(value)` does not help: it returns `"b'42'"`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, Undecoded

CODE, SLUG = "LC508", "bytes-or-str"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = (
    "assert b'…' == '",
    "assert '…' == b'",
    "in [b'",
    "in {b'",
    '(not "bytes") to str',
    "BytesWarning",
    "a bytes-like object is required, not 'str'",
    "== b'",
    "assert b'",
    "{b'",
    "[b'",
    "KeyError + b'",
    "keywords must be strings",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the client that returns another type than the failing line expects."""
    if not evidence.errors:
        return
    from loopcheck.modes.stores.lc508_bytes_or_str import (
        evidence as questions,  # late: for its own cases
    )

    one = evidence.ask(questions.find_undecoded_answer)
    if one is None:
        return
    at_client = one.made_at is not None and one.how != "number"
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if one.proved else "likely",
        subject=one.client,
        where=one.made_at if at_client else one.place,
        made_at=one.made_at,
        used_at=one.place,
        what=f"`{one.client.name}` returns {one.answers}, and {one.place} {_wants(one)}.",
        why=_why(one),
        fix=_fix(one),
        remedy=_remedy(one),
    )


def _wants(one: Undecoded) -> str:
    answer = f"`{one.answer}`" if one.answer else f"its {one.answers}"
    wanted = f"`{one.wanted}`" if one.wanted else _other(one)
    return {
        "equal": f"compares {answer} with {wanted}",
        "member": f"looks for {wanted} but finds only {answer}",
        "key": f"looks up the key {wanted} where there is only {answer}",
        "asked": f"looks up the key {answer} in a dict that has {wanted}",
        "number": f"compares {answer} with the number {wanted}",
        "repr": f"writes the bytes into a text as `b'…'`, where it needs {wanted}",
        "keywords": f"passes {answer} to a call as the name of an argument",
        "call": f"treats {answer} as {_other(one)}",
    }[one.how]


def _other(one: Undecoded) -> str:
    return "text" if one.answers == "bytes" else "bytes"


def _why(one: Undecoded) -> str:
    if one.ignored:
        return (
            "A client with a pool ignores its own `decode_responses=True`. The pool's settings"
            " count, and they leave answers as bytes."
        )
    if one.answers == "text":
        return "The client was created with `decode_responses=True`, so its answers are text."
    return (
        "A client returns what the store keeps, bytes, unless it was created with"
        " `decode_responses=True`. Bytes and text are never equal."
    )


def _remedy(one: Undecoded) -> tuple[str, ...]:
    if one.how == "number":
        return ("number",)
    if one.ignored or one.pooled:
        return ("pool",) if one.made_at is not None else ()
    return () if one.answers == "text" or one.made_at is None else ("decode",)


def _fix(one: Undecoded) -> str:
    there = f" at {one.made_at}" if one.made_at else ""
    if one.how == "number":
        return "Convert the answer to a number before you compare it: `int(…)`."
    if one.ignored or one.pooled:
        return (
            "Set `decode_responses=True` where the pool is created: a client with a pool uses the"
            " pool's settings."
        )
    if one.answers == "text":
        return (
            f"Create the client{there} as the application does. If its answers should be text,"
            f" remove `b'…'` and `.decode()` at {one.place}."
        )
    return f"Create the client{there} with `decode_responses=True`, in tests and application alike."
