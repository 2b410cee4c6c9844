"""Members of a store's sorted sets and hashes: which test added each of them.

ZADD and HSET add to a key: what an earlier test put there stays beside the new members.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.watch.stores.leftovers import STATE, Key, Left

ADDS = frozenset({"ZADD", "HSET", "HMSET"})
COUNTS = frozenset({"ZCARD", "HLEN"})
FLAGS = frozenset({"NX", "XX", "GT", "LT", "CH", "INCR"})
MOST = 1_000  # members to remember for one key
DEEPEST = 3  # of the lists in an answer


def note(key: Key, name: str, args: tuple[object, ...], left: Left) -> None:
    """Record the members that a command adds, or writes again."""
    known = STATE.members.setdefault(key, {})
    for member in _added(name, args):
        if member in known or len(known) < MOST:
            known[member] = left


def _added(name: str, args: tuple[object, ...]) -> Iterator[str]:
    given = [text(one) for one in args[2:]]
    if name == "ZADD":
        while given and given[0] is not None and given[0].upper() in FLAGS:
            del given[0]
        given = given[1:]  # the score comes first
    yield from (one for one in given[::2] if one is not None)


def of_earlier_tests(key: Key, name: str, answer: object) -> dict[str, Left]:
    """Return the members in the *answer* to a read, or in its count, that earlier tests added."""
    known = STATE.members.get(key, {})
    others = {one: left for one, left in known.items() if left.test < STATE.moment}
    if name in COUNTS:
        return others
    there = set(_texts(answer))
    return {one: left for one, left in others.items() if one in there}


def is_cut(key: Key, name: str, answer: object) -> bool:
    """Return whether the *answer* lacks members that the running test added: it had a limit."""
    known = STATE.members.get(key, {})
    own = {one for one, left in known.items() if left.test == STATE.moment}
    return name not in COUNTS and not own <= set(_texts(answer))


def _texts(answer: object, depth: int = DEEPEST) -> Iterator[str]:
    if type(answer) is dict:
        answer = list(answer)
    if type(answer) in (list, tuple, set) and depth:
        for one in answer:  # type: ignore[attr-defined]
            yield from _texts(one, depth - 1)
    elif (found := text(answer)) is not None:
        yield found


def text(one: object) -> str | None:
    """Return a key or member as text, None if it is another kind of value."""
    if type(one) is bytes:
        return one.decode("utf-8", "replace")
    return one if type(one) is str else None
