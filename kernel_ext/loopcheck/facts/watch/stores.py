"""What tests write to stores and databases, and what a later one meets of it.

Commands are seen as a client sends them, and count once they were answered: of a server that is
down nothing is read, and nothing stays there. We send nothing ourselves. Only what a test's own
lines do counts: a fixture may seed what all tests are to find.
"""

import re
import sys
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import iscoroutinefunction
from time import monotonic
from types import FrameType
from typing import Any, Literal, NamedTuple

from loopcheck.facts.labels import LOCK
from loopcheck.facts.probes import awaits, objects, parents, stacks
from loopcheck.facts.watch import _frames
from loopcheck.facts.watch.hooks import Counted, Undo, together
from loopcheck.facts.watch.loops import LEDGER

peek = objects.peek
CLIENTS = (  # module, class: their coroutines that a user holds stay theirs, these are within them
    ("valkey.client", "Valkey"),
    ("valkey.client", "Pipeline"),
    ("valkey.asyncio.client", "Valkey"),
    ("valkey.asyncio.client", "Pipeline"),
    ("redis.client", "Redis"),
    ("redis.client", "Pipeline"),
    ("redis.asyncio.client", "Redis"),
    ("redis.asyncio.client", "Pipeline"),
)
DIALECT = ("sqlalchemy.engine.default", "DefaultDialect")
MOST = 5_000  # keys and tables that are remembered
DEEPEST = 80  # frames up to the test
TASKS = 3  # on the way there
LOOKS = 5  # of a thousand keys each

FRESH = frozenset(  # these change what is there, and answer by it
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

Note = Callable[..., None]
# again: after a fresh one; found: rows with the values that were asked for
Touch = Literal["fresh", "again", "read", "found", "overall", "insert"]
Line = tuple[str, int, str]
Where = tuple[object, ...]  # which store
Key = tuple[Where, str]  # a key of it, or a table


class Left(NamedTuple):
    """Something that a test wrote and nobody took away since."""

    test: int
    line: Line | None  # of the user's
    until: float | None = None  # it goes by itself then
    values: frozenset[int] = frozenset()  # hashes of what was put into rows


class Met(NamedTuple):
    """What a later test touched first of it."""

    store: str  # "Valkey", "sqlite"
    what: str  # the key or the table
    table: bool
    left: Left
    touch: Touch
    said: str  # "INCR", "SELECT"
    line: Line | None  # the user's innermost
    tested: tuple[str, int]  # the line of the test itself
    owner: "weakref.ref[object]"  # the client's pool, or the engine: its name is looked for
    beside: bool = False  # the test or a fixture has rows of its own there


class Written(NamedTuple):
    """Rows that were handed to a driver's connection, which may have refused them."""

    connection: "weakref.ref[object]"
    key: Key
    left: Left
    sql: str
    changes: int | None  # that the connection had made before: SQLite counts them
    open: bool  # a transaction was going on


class _State:
    def __init__(self) -> None:
        self.left: dict[tuple[Where, str], Left] = {}
        self.pending: dict[int, list[tuple[Key, Left]]] = {}  # not committed
        self.written: list[Written] = []  # not known to be taken
        self.writers: dict[Key, dict[int, Left]] = {}  # of a table: who left which value
        self.fixed: dict[Key, frozenset[int]] = {}  # what fixtures wrote to tables
        self.mine: dict[Key, frozenset[int]] = {}  # what the test that runs did
        self.owned: set[tuple[Where, str]] = set()  # touched by the test that runs
        self.met: list[Met] = []
        self.dirty: set[tuple[Where, str]] = set()  # keys that this test went on with
        self.moment = 0
        self.asked = False  # stores may be looked at with a client of ours
        self.seeded: set[tuple[Where, str]] = set()  # touched by fixtures: all tests are to find it
        self.servers: dict[Where, tuple[type, dict[str, object]]] = {}
        self.looking = False
        self.stays = False

    def turn(self) -> None:
        """Begin anew with each test."""
        if self.moment != LEDGER.moment:
            self.moment = LEDGER.moment
            self.owned.clear()
            self.met.clear()
            self.dirty.clear()
            self.mine.clear()


STATE = _State()


def met() -> tuple[Met, ...]:
    """Return what the test that runs has met of earlier ones."""
    with LOCK:
        return tuple(STATE.met) if STATE.moment == LEDGER.moment else ()


def _install() -> Undo:
    undos = [_answered(kind, name, note) for kind, name, note in _clients()]
    dialect = objects.loaded_class(*DIALECT)
    if dialect is not None:
        undos += [
            _hooked(dialect, "do_execute", _statement),
            _hooked(dialect, "do_execute_no_params", _statement),
            _hooked(dialect, "do_executemany", _statement),
            _hooked(dialect, "do_commit", _committed),
            _hooked(dialect, "do_rollback", _rolled_back),
        ]
    return together(_begin_anew, *undos)


def _begin_anew() -> None:
    with LOCK:
        if not STATE.stays:
            STATE.__init__()  # type: ignore[misc]


@contextmanager
def remembered() -> Iterator[None]:
    """Let what is known outlast an undo: a library that came late is watched by a new install."""
    STATE.stays = True
    try:
        yield
    finally:
        STATE.stays = False


install = Counted(_install).install


def _clients() -> Iterator[tuple[type, str, Note]]:
    for module, name in CLIENTS:
        kind = objects.loaded_class(module, name)
        for method, note in SENDERS.items():
            if kind is not None and callable(objects.class_dict(kind).get(method)):
                yield kind, method, note


def _hooked(kind: type, name: str, note: Note) -> Undo:
    theirs: Callable[..., Any] = objects.class_dict(kind)[name]  # type: ignore[assignment]
    active = True

    @wraps(theirs)
    def ours(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True  # as pytest's own: a failure points at the user's line
        if active and LEDGER.moment:
            _quietly(note, args)
        return theirs(*args, **kwargs)

    def undo() -> None:
        nonlocal active
        active = False
        _put_back(kind, name, ours, theirs)

    setattr(kind, name, ours)
    return undo


def _answered(kind: type, name: str, note: Note) -> Undo:
    """Let *note* be told of what the server answered, if only with an error."""
    theirs: Callable[..., Any] = objects.class_dict(kind)[name]  # type: ignore[assignment]
    active = True

    @wraps(theirs)
    def ours(client: object, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if not active or not LEDGER.moment:
            return theirs(client, *args, **kwargs)
        _quietly(_arriving, (client,))
        try:
            answer = theirs(client, *args, **kwargs)
        except Exception as error:
            _refused(error, note, (client, *args))
            raise
        _quietly(note, (client, *args))
        return answer

    @wraps(theirs)
    async def ours_awaited(client: object, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if not active or not LEDGER.moment:
            return await theirs(client, *args, **kwargs)
        _quietly(_arriving, (client,))
        try:
            answer = await theirs(client, *args, **kwargs)
        except Exception as error:
            _refused(error, note, (client, *args))
            raise
        _quietly(note, (client, *args))
        return answer

    hook = ours_awaited if iscoroutinefunction(theirs) else ours

    def undo() -> None:
        nonlocal active
        active = False
        _put_back(kind, name, hook, theirs)

    setattr(kind, name, hook)
    return undo


def _put_back(kind: type, name: str, ours: object, theirs: object) -> None:
    if objects.class_dict(kind).get(name) is ours:
        setattr(kind, name, theirs)


def _quietly(note: Note, given: tuple[Any, ...]) -> None:
    try:  # noqa: SIM105 — each command of a passing test would pay twice for `suppress`
        note(*given)
    except Exception:  # ours must never break the user's command
        pass


def _refused(error: Exception, note: Note, given: tuple[Any, ...]) -> None:
    """Tell *note* where the *error* is the server's answer: a counter of another type is met."""
    if any(base.__name__ == "ResponseError" for base in objects.mro(type(error))):
        _quietly(note, given)


# Who asks


def _asking() -> tuple[Line | None, tuple[str, int] | None]:
    """Return the user's innermost line, and the line of the test that led there, if one did."""
    innermost = None
    for depth, frame in enumerate(_stack()):
        if depth > DEEPEST:
            break
        if _frames.is_users(frame):
            code = frame.f_code
            innermost = innermost or (code.co_filename, frame.f_lineno, code.co_name)
            if code.co_name.startswith("test"):
                return innermost, (code.co_filename, frame.f_lineno)
    return innermost, None


def _stack() -> Iterator[FrameType]:
    """Yield the frames outwards, also those that wait for a greenlet of SQLAlchemy's, or a task.

    `async with sessions.begin()` commits in a task of its own.
    """
    yield from stacks.outwards(sys._getframe(1))
    greenlets = sys.modules.get("greenlet")
    now = greenlets.__dict__["getcurrent"]() if greenlets is not None else None
    while now is not None and now.parent is not None:
        now = now.parent
        yield from stacks.outwards(now.gr_frame)
    for task in parents.of_running(TASKS):
        yield from reversed(awaits.frames(task.get_coro()))


# Keys


def _arriving(client: object) -> None:
    """Look at a store before the first command changes it, where we have leave to ask."""
    if STATE.asked and not STATE.looking:
        store = _store(client)
        with LOCK:
            if store is not None and store not in STATE.servers:
                _first_sight(client, store)


def _sent(client: object, connection: object, name: object, *args: object, **rest: object) -> None:
    _command(client, *args)


def _all_sent(client: object, connection: object, commands: object, *rest: object) -> None:
    """Take note of what a pipeline sent: what is only queued changes nothing."""
    for one in commands if type(commands) is list else ():
        _command(client, *one[0])


SENDERS: dict[str, Note] = {
    "_send_command_parse_response": _sent,
    "_execute_transaction": _all_sent,
    "_execute_pipeline": _all_sent,
}


def _command(client: object, *args: object) -> None:
    if not args or type(args[0]) is not str:
        return
    name = args[0].upper()
    known = name in WRITES or name in READS or name in OVERALL
    keys = [key for key in map(_text, args[1:]) if key is not None]
    store = None if STATE.looking else _store(client)
    if store is None:
        return
    with LOCK:
        STATE.turn()
        if name in LIMITS:
            _limited(store, name, args)
        elif name in EMPTIES:
            _forget(store, whole=name == "FLUSHALL")
        elif not known:
            for key in keys:  # removed, moved or changed otherwise: not followed any further
                STATE.left.pop((store, key), None)
                STATE.owned.add((store, key))
        else:
            _touched(client, store, name, keys, args)


def _limited(store: Where, name: str, args: tuple[object, ...]) -> None:
    """Note when a key goes by itself."""
    key = (store, _text(args[1]) or "") if len(args) > 2 else None
    left = STATE.left.get(key) if key is not None else None
    if key is None or left is None:
        return
    span = args[2]
    if type(span) not in (int, float) or span <= 0:  # type: ignore[operator]
        del STATE.left[key]
    else:
        STATE.left[key] = left._replace(until=monotonic() + span / LIMITS[name])  # type: ignore[operator]


def _touched(
    client: object, store: Where, name: str, keys: list[str], args: tuple[object, ...]
) -> None:
    if name not in OVERALL and (not keys or _nothing_new((store, keys[0]), name, args)):
        return
    line, test = _asking()
    if test is None:
        for key in keys[:1]:
            STATE.owned.add((store, key))
            STATE.seeded.add((store, key))
            if name in WRITES:
                STATE.left.pop((store, key), None)  # a fixture makes it anew
        return
    if name in OVERALL:
        for (where, key), left in list(STATE.left.items()):
            if where == store and (where, key) not in STATE.owned and _still(left):
                STATE.met.append(
                    Met("Valkey", key, False, left, "overall", name, line, test, _pool(client))
                )
        return
    for key in keys[:1]:
        _first(client, (store, key), name, args, line, test)


def _nothing_new(key: tuple[Where, str], name: str, args: tuple[object, ...]) -> bool:
    """Return whether nobody needs to know who asks: a look at the stack takes 10 µs."""
    left = STATE.left.get(key)
    if key in STATE.dirty:
        return False
    if name in READS:
        if left is None:
            STATE.owned.add(key)
        return key in STATE.owned
    if left is None or left.test != STATE.moment or key not in STATE.owned:
        return False
    STATE.left[key] = left._replace(until=_until(name, args))
    return True


def _first(
    client: object,
    key: tuple[Where, str],
    name: str,
    args: tuple[object, ...],
    line: Line | None,
    test: tuple[str, int],
) -> None:
    left = STATE.left.get(key)
    only_new = name == "SET" and any(_text(one) == "NX" for one in args[3:])
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
        STATE.left[key] = Left(STATE.moment, line, _until(name, args))
    STATE.owned.add(key)


def _before(key: str) -> Met | None:
    return next((one for one in STATE.met if one.what == key and one.touch == "fresh"), None)


def _until(name: str, args: tuple[object, ...]) -> float | None:
    """Return when the key goes by itself."""
    given = [one if type(one) in (int, float) else None for one in args]
    if name in ("SETEX", "PSETEX") and len(given) > 2 and given[2] is not None:
        return monotonic() + float(given[2]) / (1_000 if name == "PSETEX" else 1)  # type: ignore[arg-type]
    for word, unit in (("EX", 1), ("PX", 1_000)):
        for at, one in enumerate(args[3:-1], 3):
            if _text(one) == word and given[at + 1] is not None:
                return monotonic() + float(given[at + 1]) / unit  # type: ignore[arg-type]
    return None


def _still(left: Left) -> bool:
    return left.until is None or monotonic() < left.until


def _text(one: object) -> str | None:
    if type(one) is bytes:
        return one.decode("utf-8", "replace")
    return one if type(one) is str else None


def _pool(client: object) -> "weakref.ref[object]":
    """Return what a client and its pipelines share; a pipeline is gone when a test has failed."""
    return weakref.ref(peek(client, "connection_pool") or client)


def _store(client: object) -> Where | None:
    pool = peek(client, "connection_pool")
    given = peek(pool, "connection_kwargs") or peek(pool, "_connection_kwargs")  # redis 8
    if type(given) is not dict:
        return None
    fake = given.get("server")
    if fake is not None:
        return ("fake", id(fake), given.get("db") or 0)
    return ("store", *(given.get(k) for k in ("host", "port", "path")), given.get("db") or 0)


def _forget(store: Where, *, whole: bool = False) -> None:
    for key in [k for k in STATE.left if k[0] == store or (whole and k[0][:-1] == store[:-1])]:
        del STATE.left[key]


# With leave to ask


def ask() -> None:
    """Let stores be looked at: with a client of ours, which reads the names of keys alone."""
    STATE.asked = True


def look(*, set_up: bool) -> None:
    """Compare what is known with what is there: as a test begins, and when it is *set_up*."""
    with LOCK:
        STATE.turn()
        for store, (kind, given) in list(STATE.servers.items()):
            there = _keys(kind, given)
            if there is None:
                continue
            for known in [k for k in STATE.left if k[0] == store and k[1] not in there]:
                del STATE.left[known]  # it went by itself, or somebody else took it
            unknown = {(store, key) for key in there} - STATE.left.keys() - STATE.seeded
            if set_up:
                STATE.seeded |= unknown  # a fixture made it, by other means than a command's key
            else:
                for key in unknown:
                    STATE.left[key] = Left(STATE.moment - 1, None)


def _first_sight(client: object, store: Where) -> None:
    """Note what was there before anybody of this run came."""
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
    """Return how to reach the client's server; None where that takes more than a password."""
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
    """Return the names of the keys that are there, None if nobody says so in time."""
    STATE.looking = True
    try:
        with kind(**given, socket_timeout=1, socket_connect_timeout=1) as ours:
            found: set[str] = set()
            at = 0
            for _ in range(LOOKS):
                at, some = ours.scan(at, count=1_000)
                found.update(text for one in some if (text := _text(one)) is not None)
                if not at:
                    return found
            return None  # a store of that size is no test's
    except Exception:
        return None
    finally:
        STATE.looking = False


# Tables

INSERT = re.compile(r"\s*INSERT\s+(?:OR\s+\w+\s+)?INTO\s+[\"`\[]?([\w.]+)", re.IGNORECASE)
SELECT = re.compile(r"\s*SELECT\b.*?\bFROM\s+[\"`\[]?([\w.]+)", re.IGNORECASE | re.DOTALL)
LITERAL = re.compile(r"'((?:[^']|'')*)'|(?<![\w$.:])(\d+)(?![\w.])")
LONGEST = 100_000
ROW = hash("a row")  # stands for one without texts or numbers
AWAY = re.compile(
    r"\s*(?:DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?|DROP\s+TABLE(?:\s+IF\s+EXISTS)?)\s+(.*)",
    re.IGNORECASE | re.DOTALL,
)


def _statement(dialect: object, cursor: object, statement: object, *rest: object) -> None:
    if type(statement) is not str:
        return
    context = rest[-1] if rest else None
    connection = peek(context, "root_connection")
    engine = peek(connection, "engine")
    store = _database(engine)
    if store is None:
        return
    kind = str(store[1]).partition("+")[0]
    with LOCK:
        STATE.turn()
        if (found := INSERT.match(statement)) is not None:
            values = row_values(statement, rest[0] if len(rest) > 1 else None)
            _inserted(kind, (store, found[1]), values, connection, engine)
        elif (gone := AWAY.match(statement)) is not None:
            for table in re.findall(r"[\w.]+", gone[1].partition(";")[0]):
                taken_away((store, table))
        elif (found := SELECT.match(statement)) is not None and " WHERE " not in flat(statement):
            read(kind, (store, found[1]), frozenset(), engine)


def flat(statement: str) -> str:
    return " ".join(statement.upper().split()) + " "


def _inserted(
    kind: str,
    key: Key,
    values: frozenset[int],
    connection: object,
    engine: object,
) -> None:
    line = inserted(kind, key, values, engine)
    if line is not None:
        raw = _raw(peek(connection, "_dbapi_connection"))
        wait(raw, key, Left(STATE.moment, line, values=values))


def inserted(kind: str, key: Key, values: frozenset[int], owner: object) -> Line | None:
    """Note whose rows an insert meets, and return the user's line if a test's own lines led here.

    The last insert alone can be the one that was refused: what those before it met is dropped.
    """
    line, test = _asking()
    STATE.met[:] = [one for one in STATE.met if one.touch != "insert"]
    known = STATE.mine.get(key, frozenset()) | STATE.fixed.get(key, frozenset())
    if (left := _writer(key, values - known)) is not None:
        _meets(kind, key, left, "insert", "INSERT", line, test, owner)
    mine = STATE.fixed if test is None else STATE.mine
    mine[key] = mine.get(key, frozenset()) | values | {ROW}
    return line if test is not None else None


def wait(connection: int, key: Key, left: Left) -> None:
    """Keep what was written for when it is committed."""
    if len(STATE.left) < MOST:
        STATE.pending.setdefault(connection, []).append((key, left))


def commit(connection: int) -> None:
    """Let count what was written through *connection*; who wrote a value first has left it."""
    for key, new in STATE.pending.pop(connection, ()):
        known = STATE.left.get(key, new)
        STATE.left[key] = known._replace(values=known.values | new.values)
        writers = STATE.writers.setdefault(key, {})
        for value in new.values:
            writers.setdefault(value, new)


def taken_away(key: Key) -> None:
    """Forget the rows of a table."""
    for kept in (STATE.left, STATE.writers, STATE.fixed, STATE.mine):
        kept.pop(key, None)


def _writer(key: Key, values: frozenset[int]) -> Left | None:
    """Return who left most of these values."""
    writers = STATE.writers.get(key, {})
    found = [writers[value] for value in values if value in writers]
    return max(found, key=lambda one: (found.count(one), -one.test)) if found else None


def read(kind: str, key: Key, asked: frozenset[int], owner: object) -> None:
    """Note whose rows are read: all of a table, or those with the values that are *asked* for."""
    left = STATE.left.get(key)
    if left is None or not asked <= left.values:
        return
    beside = STATE.mine.get(key, frozenset()) | STATE.fixed.get(key, frozenset())
    if asked and not asked.isdisjoint(beside):
        return  # the test or a fixture has written such a row
    left = _writer(key, asked) or left
    line, test = _asking()
    _meets(kind, key, left, "found" if asked else "read", "SELECT", line, test, owner, bool(beside))


def row_values(sql: str, given: object) -> frozenset[int]:
    """Return hashes of the texts and numbers that an insert puts into rows."""
    _, _, written = flat(sql).partition(" VALUES ")
    text = sql[-len(written) :] if written else ""
    return frozenset((*_values(given), *_literals(text)))


def asked_for(sql: str, given: object) -> frozenset[int]:
    """Return hashes of the texts and numbers that a query looks for."""
    asked = re.split(r"\bWHERE\b", sql, maxsplit=1, flags=re.IGNORECASE)[-1]
    until = re.split(r"\b(?:ORDER|GROUP|LIMIT|OFFSET)\b", asked, maxsplit=1, flags=re.IGNORECASE)
    return frozenset((*_values(given), *_literals(until[0])))


def _literals(sql: str) -> Iterator[int]:
    """Yield hashes of the texts and numbers that are written in a statement."""
    for text, number in LITERAL.findall(sql[:LONGEST]):
        yield hash(int(number)) if number else hash(text.replace("''", "'"))


def _values(parameters: object, depth: int = 4) -> Iterator[int]:
    """Yield hashes of the texts and numbers of a row, or of many."""
    if type(parameters) is dict:
        parameters = list(parameters.values())
    if type(parameters) in (list, tuple) and depth:
        for one in parameters[:MOST]:  # type: ignore[index]
            yield from _values(one, depth - 1)
    elif type(parameters) in (str, int, bytes):
        yield hash(parameters)


def _meets(
    kind: str,
    key: Key,
    left: Left,
    touch: Touch,
    said: str,
    line: Line | None,
    test: tuple[str, int] | None,
    owner: object,
    beside: bool = False,
) -> None:
    if test is not None and left.test < STATE.moment:
        at = line, test, weakref.ref(owner)
        STATE.met.append(Met(kind, key[1], True, left, touch, said, *at, beside))


def _committed(dialect: object, connection: object, *rest: object) -> None:
    with LOCK:
        commit(_raw(connection))


def _rolled_back(dialect: object, connection: object, *rest: object) -> None:
    with LOCK:
        STATE.pending.pop(_raw(connection), None)


def _raw(connection: object) -> int:
    inner = peek(connection, "dbapi_connection")
    return id(inner if inner is not None else connection)


def _database(engine: object) -> Where | None:
    url = peek(engine, "url")
    if not isinstance(url, tuple) or len(url) < 6:
        return None
    driver, _, _, host, port, database = url[:6]
    in_memory = str(driver).startswith("sqlite") and database in (None, "", ":memory:")
    own = id(engine) if in_memory else 0
    return ("database", driver, host, port, database, own)
