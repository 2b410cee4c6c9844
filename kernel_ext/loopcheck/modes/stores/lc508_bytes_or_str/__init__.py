"""LC508 bytes-or-str: a store's client answers in bytes, and text is expected.

What: `b"42"` is compared with `"42"`, looked for in a list or a set, or stands in a dict as a key.
Why:  the store keeps bytes. A client gives them as they are unless it was made with
      `decode_responses=True`; bytes and text are never equal, so branches fail without a word, too.
Fix:  `decode_responses=True` in the one line that makes the client, the same for the tests and the
      application. A client that is given a `connection_pool` ignores it: there the pool decides.
      Numbers: `int(await client.get("n"))`. `str(value)` is no remedy: it gives `"b'42'"`.
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
    """Name the client that answers in another type than the failing line expects."""
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
        what=f"`{one.client.name}` answers in {one.answers}, and {one.place} {_wants(one)}.",
        why=_why(one),
        fix=_fix(one),
    )


def _wants(one: Undecoded) -> str:
    answer = f"`{one.answer}`" if one.answer else f"{one.answers} of it"
    wanted = f"`{one.wanted}`" if one.wanted else _other(one)
    return {
        "equal": f"compares {answer} with {wanted}",
        "member": f"looks for {wanted} where only {answer} is",
        "key": f"asks for the key {wanted} where only {answer} is",
        "asked": f"asks for the key {answer} in a dict that has {wanted}",
        "number": f"compares {answer} with the number {wanted}",
        "repr": f"writes the bytes into a text, as `b'…'`, where {wanted} is meant",
        "keywords": f"gives {answer} to a call as the name of an argument",
        "call": f"treats {answer} as {_other(one)}",
    }[one.how]


def _other(one: Undecoded) -> str:
    return "text" if one.answers == "bytes" else "bytes"


def _why(one: Undecoded) -> str:
    if one.ignored:
        return (
            "`decode_responses=True` is ignored by a client that is given a pool: the pool's own"
            " settings count, and they leave answers as bytes."
        )
    if one.answers == "text":
        return "The client was made with `decode_responses=True`: its answers are text already."
    return (
        "A client gives what the store keeps, bytes, unless it was made with"
        " `decode_responses=True`. Bytes and text are never equal."
    )


def _fix(one: Undecoded) -> str:
    there = f" at {one.made_at}" if one.made_at else ""
    if one.how == "number":
        return "Make a number of the answer before it is compared: `int(…)`."
    if one.ignored or one.pooled:
        return (
            "Say `decode_responses=True` where the pool is made: a client that is given one has"
            " its settings."
        )
    if one.answers == "text":
        return (
            f"Make the client{there} as the application makes its own; if answers are to be text,"
            f" write text at {one.place}: no `b'…'`, no `.decode()`."
        )
    return f"Make the client{there} with `decode_responses=True`, in tests and application alike."
