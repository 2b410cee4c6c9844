"""Rows that tests write through SQLAlchemy, and the parsing that rows of any driver need."""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterator

from loopcheck.labels import LOCK
from loopcheck.process import objects
from loopcheck.watch.hooks import Counted, Notes, Undo, hooked_where_loaded, together
from loopcheck.watch.loops import LEDGER
from loopcheck.watch.stores import leftovers
from loopcheck.watch.stores.leftovers import MOST, STATE, Key, Left, Line, Met, Touch, Where, asking

peek = objects.peek
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
    if type(statement) is not str or not LEDGER.moment:
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
        elif (found := SELECT.match(statement)) is not None:
            if " WHERE " in flat(statement):
                read_some(kind, (store, found[1]), engine)
            else:
                read(kind, (store, found[1]), frozenset(), engine)


def flat(statement: str) -> str:
    """Return *statement* in capitals, on one line, with single spaces and one at its end."""
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
    """Record whose rows an insert finds; return the user's line if the test's own lines led here.

    Only the last insert can be the one that was refused: we drop what earlier ones found.
    """
    line, test = asking()
    STATE.met[:] = [one for one in STATE.met if one.touch != "insert"]
    known = STATE.mine.get(key, frozenset()) | STATE.fixed.get(key, frozenset())
    if (left := _writer(key, values - known)) is not None:
        _meets(kind, key, left, "insert", "INSERT", line, test, owner)
    mine = STATE.fixed if test is None else STATE.mine
    mine[key] = mine.get(key, frozenset()) | values | {ROW}
    return line if test is not None else None


def wait(connection: int, key: Key, left: Left) -> None:
    """Keep what was written until it is committed."""
    if len(STATE.left) < MOST:
        STATE.pending.setdefault(connection, []).append((key, left))


def commit(connection: int) -> None:
    """Count what was written through *connection*; the first writer of a value has left it."""
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
    """Return the test that left most of these values."""
    writers = STATE.writers.get(key, {})
    found = [writers[value] for value in values if value in writers]
    return max(found, key=lambda one: (found.count(one), -one.test)) if found else None


def read(kind: str, key: Key, asked: frozenset[int], owner: object) -> None:
    """Record whose rows are read: all of a table, or those with the values that are *asked* for."""
    left = STATE.left.get(key)
    if left is None or not asked <= left.values:
        return
    beside = STATE.mine.get(key, frozenset()) | STATE.fixed.get(key, frozenset())
    if asked and not asked.isdisjoint(beside):
        return  # the test or a fixture has written a matching row
    left = _writer(key, asked) or left
    line, test = asking()
    _meets(kind, key, left, "found" if asked else "read", "SELECT", line, test, owner, bool(beside))


def read_some(kind: str, key: Key, owner: object) -> None:
    """Record that rows are read under a condition: only the result shows whose they are."""
    left = STATE.left.get(key)
    if left is None or left.test >= STATE.moment:
        return
    beside = STATE.mine.get(key, frozenset()) | STATE.fixed.get(key, frozenset())
    values = left.values - beside
    if values:
        line, test = asking()
        left = _writer(key, values) or left
        some = line, test, owner, bool(beside), values
        _meets(kind, key, left, "some", "SELECT", *some)


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
    """Yield hashes of the literal texts and numbers in a statement."""
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
    values: frozenset[int] = frozenset(),
) -> None:
    if test is not None and left.test < STATE.moment:
        at = line, test, weakref.ref(owner)
        met = Met(kind, key[1], True, left, touch, said, *at, beside, values=values)
        STATE.met.append(met)


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


HOOKS: tuple[tuple[str, str, Notes], ...] = (
    (
        "sqlalchemy.engine.default",
        "DefaultDialect",
        {
            "do_execute": _statement,
            "do_execute_no_params": _statement,
            "do_executemany": _statement,
            "do_commit": _committed,
            "do_rollback": _rolled_back,
        },
    ),
)


def _install() -> Undo:
    return together(leftovers.begin_anew, *hooked_where_loaded(HOOKS))


install = Counted(_install).install
