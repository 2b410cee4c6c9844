"""What tests write to stores like Valkey, and what a later one finds of it.

We see commands when a client sends them, and count them once they are answered. If a server is
down, we read nothing, and nothing is left there. We send nothing ourselves.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from functools import wraps
from inspect import iscoroutinefunction
from time import monotonic
from typing import Any

from loopcheck.labels import LOCK
from loopcheck.process import objects
from loopcheck.process.stores.subscriptions import store_of
from loopcheck.watch import faults
from loopcheck.watch.hooks import Counted, Note, Undo, step_aside, together
from loopcheck.watch.loops import LEDGER
from loopcheck.watch.stores import byte_answers, collection_members, leftovers, unheard_messages
from loopcheck.watch.stores.collection_members import text
from loopcheck.watch.stores.leftovers import MOST, STATE, Left, Line, Met, Touch, Where, asking

peek = objects.peek
CLIENTS = (  # module, class: coroutines that user code holds stay unchanged, ours are inside them
    ("valkey.client", "Valkey"),
    ("valkey.client", "Pipeline"),
    ("valkey.asyncio.client", "Valkey"),
    ("valkey.asyncio.client", "Pipeline"),
    ("redis.client", "Redis"),
    ("redis.client", "Pipeline"),
    ("redis.asyncio.client", "Redis"),
    ("redis.asyncio.client", "Pipeline"),
)
LOOKS = 5  # of a thousand keys each

FRESH = frozenset(  # these change the existing value, and return a result that depends on it
    {
        *("INCR", "INCRBY", "INCRBYFLOAT", "DECR", "DECRBY", "SETNX", "HSETNX", "HINCRBY"),
        *("HINCRBYFLOAT", "ZINCRBY", "APPEND", "LPUSH", "RPUSH", "SADD", "PFADD"),
    }
)
WRITES = FRESH | {"SET", "SETEX", "PSETEX", "GETSET", "HSET", "HMSET", "ZADD", "XADD"}
READS = frozenset(
    {
        *("GET", "EXISTS", "HGET", "HGETALL", "HLEN", "HKEYS", "HVALS", "HEXISTS", "HMGET"),
        *("LLEN", "LRANGE", "LINDEX", "SMEMBERS", "SCARD", "SISMEMBER", "ZCARD", "ZRANGE"),
        *("ZSCORE", "TTL", "PTTL", "TYPE", "STRLEN", "XLEN", "XRANGE"),
        *("ZREVRANGE", "ZRANGEBYSCORE", "ZREVRANGEBYSCORE", "ZRANK", "ZREVRANK", "ZCOUNT"),
        *(
            "ZMSCORE",
            "SMISMEMBER",
            "HSTRLEN",
            "LPOS",
            "GETRANGE",
            "BITCOUNT",
            "PFCOUNT",
            "XREVRANGE",
        ),
    }
)
OVERALL = frozenset({"KEYS", "SCAN", "DBSIZE"})
LIMITS = {"EXPIRE": 1, "PEXPIRE": 1_000}
EMPTIES = frozenset({"FLUSHDB", "FLUSHALL", "SWAPDB"})


# Commands


def _install() -> Undo:
    undos = [_answered(kind, name, note) for kind, name, note in _clients()]
    return together(unheard_messages.forget, byte_answers.clear, leftovers.begin_anew, *undos)


install = Counted(_install).install


def _clients() -> Iterator[tuple[type, str, Note]]:
    for module, name in CLIENTS:
        kind = objects.loaded_class(module, name)
        for method, note in SENDERS.items():
            if kind is not None and callable(objects.class_dict(kind).get(method)):
                yield kind, method, note


def _answered(kind: type, name: str, note: Note) -> Undo:
    """Call *note* for what the server answered, even if that is an error."""
    theirs: Callable[..., Any] = objects.class_dict(kind)[name]  # type: ignore[assignment]
    active = True

    @wraps(theirs)
    def ours(client: object, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        noting = active and LEDGER.moment
        if noting:
            _quietly(_arriving, client)
        try:
            answer = theirs(client, *args, **kwargs)
        except BaseException as error:
            if noting and objects.is_a(error, Exception):
                _refused(error, note, (client, *args))
            step_aside(error)
            raise
        if noting:
            _quietly(note, answer, client, *args)
        return answer

    @wraps(theirs)
    async def ours_awaited(client: object, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        noting = active and LEDGER.moment
        if noting:
            _quietly(_arriving, client)
        try:
            answer = await theirs(client, *args, **kwargs)
        except BaseException as error:
            if noting and objects.is_a(error, Exception):
                _refused(error, note, (client, *args))
            step_aside(error)
            raise
        if noting:
            _quietly(note, answer, client, *args)
        return answer

    hook = ours_awaited if iscoroutinefunction(theirs) else ours

    def undo() -> None:
        nonlocal active
        active = False
        if objects.class_dict(kind).get(name) is hook:
            setattr(kind, name, theirs)

    setattr(kind, name, hook)
    return undo


def _quietly(note: Note, *given: object) -> None:
    try:
        note(*given)
    except Exception:  # our code must never break the user's command
        faults.note()


def _refused(error: Exception, note: Note, given: tuple[Any, ...]) -> None:
    """Call *note* if the *error* is the server's answer: a counter of another type is there."""
    if any(base.__name__ == "ResponseError" for base in objects.mro(type(error))):
        _quietly(note, None, *given)


# Keys


def _arriving(client: object) -> None:
    """Look at a store before the first command changes it, if we may read it."""
    if STATE.asked and not STATE.looking:
        store = store_of(client)
        with LOCK:
            if store is not None and store not in STATE.servers:
                _first_sight(client, store)


def _sent(answer: object, client: object, connection: object, name: object, *args: object) -> None:
    _command(client, args, answer)


def _all_sent(
    answer: object, client: object, connection: object, commands: object, *rest: object
) -> None:
    """Record what a pipeline sent: commands that are only queued change nothing."""
    sent: list[Any] = commands if type(commands) is list else []
    answers = answer if type(answer) is list and len(answer) == len(sent) else [None] * len(sent)
    for one, its_answer in zip(sent, answers, strict=True):
        _command(client, one[0], its_answer)


SENDERS: dict[str, Note] = {
    "_send_command_parse_response": _sent,
    "_execute_transaction": _all_sent,
    "_execute_pipeline": _all_sent,
}


def _command(client: object, args: tuple[object, ...], answer: object = None) -> None:
    if not args or type(args[0]) is not str:
        return
    name = args[0].upper()
    known = name in WRITES or name in READS or name in OVERALL
    keys = [key for key in map(text, args[1:]) if key is not None]
    store = None if STATE.looking else store_of(client)
    if store is None:
        return
    with LOCK:
        STATE.turn()
        byte_answers.note(peek(client, "connection_pool"), name, answer)
        if name in LIMITS:
            _limited(store, name, args)
        elif name in EMPTIES:
            _forget(store, whole=name == "FLUSHALL")
        elif name == "PUBLISH":
            unheard_messages.note(store[:-1], args[1] if args[1:] else None, answer)
        elif not known:
            for key in keys:  # removed, moved or otherwise changed: not followed any further
                STATE.left.pop((store, key), None)
                STATE.members.pop((store, key), None)
                STATE.owned.add((store, key))
        else:
            _touched(client, store, name, keys, args, answer)


def _limited(store: Where, name: str, args: tuple[object, ...]) -> None:
    """Record when a key expires."""
    key = (store, text(args[1]) or "") if len(args) > 2 else None
    left = STATE.left.get(key) if key is not None else None
    if key is None or left is None:
        return
    span = args[2]
    if type(span) not in (int, float) or span <= 0:  # type: ignore[operator]
        del STATE.left[key]
    else:
        STATE.left[key] = left._replace(until=monotonic() + span / LIMITS[name])  # type: ignore[operator]


def _touched(
    client: object,
    store: Where,
    name: str,
    keys: list[str],
    args: tuple[object, ...],
    answer: object,
) -> None:
    if name not in OVERALL and (not keys or _nothing_new((store, keys[0]), name, args)):
        return
    line, test = asking()
    if test is None:
        for key in keys[:1]:
            STATE.owned.add((store, key))
            STATE.seeded.add((store, key))
            if name in WRITES:
                STATE.left.pop((store, key), None)  # a fixture writes it anew
                STATE.members.pop((store, key), None)
        return
    if name in OVERALL:
        pattern = _pattern(name, args)
        for (where, key), left in list(STATE.left.items()):
            here = where == store and fnmatchcase(key, pattern)
            if here and (where, key) not in STATE.owned and _still(left):
                STATE.met.append(
                    Met("Valkey", key, False, left, "overall", name, line, test, _pool(client))
                )
        return
    for key in keys[:1]:
        if (store, key) in STATE.mixed and name in READS:
            _listed(client, (store, key), name, answer, line, test)
        else:
            _first(client, (store, key), name, args, line, test)


def _pattern(name: str, args: tuple[object, ...]) -> str:
    """Return which keys a command lists, as `fnmatch` writes it."""
    given = [text(one) for one in args]
    if name == "KEYS":
        asked = given[1] if given[1:] else None
    else:
        words = [one.upper() if one else None for one in given]
        asked = given[words.index("MATCH", 2) + 1] if "MATCH" in words[2:-1] else None
    return (asked or "*").replace("[^", "[!")


def _nothing_new(key: tuple[Where, str], name: str, args: tuple[object, ...]) -> bool:
    """Return whether the calling line does not matter: a look at the stack takes 10 µs."""
    left = STATE.left.get(key)
    if key in STATE.dirty:
        return False
    if name in READS:
        if left is None:
            STATE.owned.add(key)
        return key in STATE.owned and key not in STATE.mixed
    if left is None or left.test != STATE.moment or key not in STATE.owned:
        return False
    STATE.left[key] = left._replace(until=_until(name, args))
    if name in collection_members.ADDS:
        collection_members.note(key, name, args, STATE.left[key])
    return True


def _listed(
    client: object,
    key: tuple[Where, str],
    name: str,
    answer: object,
    line: Line | None,
    test: tuple[str, int],
) -> None:
    """Record that the *answer* has members of earlier tests beside those of this one."""
    found = collection_members.of_earlier_tests(key, name, answer)
    if found:
        left, at = next(iter(found.values())), (line, test, _pool(client))
        cut = collection_members.is_cut(key, name, answer)
        met = Met("Valkey", key[1], False, left, "more", name, *at, members=frozenset(found))
        STATE.met.append(met._replace(cut=cut))


def _first(
    client: object,
    key: tuple[Where, str],
    name: str,
    args: tuple[object, ...],
    line: Line | None,
    test: tuple[str, int],
) -> None:
    left = STATE.left.get(key)
    only_new = name == "SET" and any(text(one) == "NX" for one in args[3:])
    earlier = left is not None and left.test < STATE.moment and _still(left)
    if left is not None and earlier and key not in STATE.owned:
        fresh = name in FRESH or only_new
        if fresh or name in READS:
            touch: Touch = "fresh" if fresh else "read"
            STATE.met.append(
                Met("Valkey", key[1], False, left, touch, name, line, test, _pool(client))
            )
            if fresh:
                STATE.dirty.add(key)
    elif key in STATE.dirty and (before := _before(key[1])) is not None:
        again = before._replace(touch="again", said=name, line=line, tested=test)
        STATE.met.append(again)
        return
    if name in WRITES and len(STATE.left) < MOST:
        STATE.left[key] = new = Left(STATE.moment, line, _until(name, args))
        if name in collection_members.ADDS:
            _adds(key, name, args, left, new)
    STATE.owned.add(key)


def _adds(
    key: tuple[Where, str], name: str, args: tuple[object, ...], left: Left | None, new: Left
) -> None:
    """Record what a command adds to a collection, which may have members of earlier tests."""
    if left is None or not _still(left):
        STATE.members.pop(key, None)
        STATE.mixed.discard(key)
    elif left.test < STATE.moment and key not in STATE.seeded:
        STATE.mixed.add(key)
    collection_members.note(key, name, args, new)


def _before(key: str) -> Met | None:
    return next((one for one in STATE.met if one.what == key and one.touch == "fresh"), None)


def _until(name: str, args: tuple[object, ...]) -> float | None:
    """Return when the key expires."""
    given = [one if type(one) in (int, float) else None for one in args]
    if name in ("SETEX", "PSETEX") and len(given) > 2 and given[2] is not None:
        return monotonic() + float(given[2]) / (1_000 if name == "PSETEX" else 1)  # type: ignore[arg-type]
    for word, unit in (("EX", 1), ("PX", 1_000)):
        for at, one in enumerate(args[3:-1], 3):
            if text(one) == word and given[at + 1] is not None:
                return monotonic() + float(given[at + 1]) / unit  # type: ignore[arg-type]
    return None


def _still(left: Left) -> bool:
    return left.until is None or monotonic() < left.until


def _pool(client: object) -> weakref.ref[object]:
    """Return what a client and its pipelines share; a pipeline is gone when a test has failed."""
    return weakref.ref(peek(client, "connection_pool") or client)


def _forget(store: Where, *, whole: bool = False) -> None:
    for key in [k for k in STATE.left if k[0] == store or (whole and k[0][:-1] == store[:-1])]:
        del STATE.left[key]
        STATE.members.pop(key, None)


# With permission to read


def ask() -> None:
    """Allow looks at stores: with our own client, which reads only the names of keys."""
    STATE.asked = True


def look(*, set_up: bool) -> None:
    """Compare what is known with what exists: when a test begins, and when it is *set_up*."""
    with LOCK:
        STATE.turn()
        for store, (kind, given) in list(STATE.servers.items()):
            there = _keys(kind, given)
            if there is None:
                continue
            for known in [k for k in STATE.left if k[0] == store and k[1] not in there]:
                del STATE.left[known]  # it expired, or another process removed it
            unknown = {(store, key) for key in there} - STATE.left.keys() - STATE.seeded
            if set_up:
                STATE.seeded |= unknown  # a fixture wrote it, and not with a command for that key
            else:
                for key in unknown:
                    STATE.left[key] = Left(STATE.moment - 1, None)


def _first_sight(client: object, store: Where) -> None:
    """Record what existed before the first command of this run."""
    kind = _sync(type(client))
    given = _given(client)
    if kind is None or given is None or store[0] == "fake":
        return
    STATE.servers[store] = kind, given
    for key in _keys(kind, given) or ():
        STATE.left.setdefault((store, key), Left(0, None))


def _sync(kind: type) -> type | None:
    for base in objects.mro(kind):
        root = objects.module_of(base).partition(".")[0]
        if root in ("valkey", "redis"):
            return objects.loaded_class(f"{root}.client", "Valkey" if root == "valkey" else "Redis")
    return None


def _given(client: object) -> dict[str, object] | None:
    """Return how to reach the client's server; None if that takes more than a password."""
    pool = peek(client, "connection_pool")
    kept = peek(pool, "connection_kwargs") or peek(pool, "_connection_kwargs")
    way = peek(pool, "connection_class")
    if type(kept) is not dict or (objects.is_a(way, type) and "SSL" in way.__name__):
        return None
    found = {k: kept[k] for k in ("host", "port", "db", "username", "password") if kept.get(k)}
    if kept.get("path"):
        found["unix_socket_path"] = kept["path"]
    return found


def _keys(kind: type, given: dict[str, object]) -> set[str] | None:
    """Return the names of the existing keys, None if there is no answer in time."""
    STATE.looking = True
    try:
        with kind(**given, socket_timeout=1, socket_connect_timeout=1) as ours:
            found: set[str] = set()
            at = 0
            for _ in range(LOOKS):
                at, some = ours.scan(at, count=1_000)
                found.update(key for one in some if (key := text(one)) is not None)
                if not at:
                    return found
            return None  # a store of that size is not a test's
    except Exception:
        return None
    finally:
        STATE.looking = False
