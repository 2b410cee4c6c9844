"""What only LC608 asks: the thread of a query, the thread of the test's transaction."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from loopcheck.case.live import Live
from loopcheck.labels import plain
from loopcheck.light import frozen
from loopcheck.process import objects, thread_stacks
from loopcheck.process.databases import django_connections
from loopcheck.process.databases.django_connections import Connection
from loopcheck.process.failure import Link, Step
from loopcheck.records import Place
from loopcheck.runner import asyncio_marks, fixtures

REFUSED = ("django.core.exceptions", "SynchronousOnlyOperation")
FAILED = (
    ("django.db.utils", "OperationalError"),
    ("django.core.exceptions", "ObjectDoesNotExist"),
)
LOCKS = (5, 6)  # SQLITE_BUSY, SQLITE_LOCKED, below the bits of an extended code
ASYNC = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
HANDLER = ("asgiref.sync", "thread_handler")
MARK, PLAIN, WIDE = "django_db", "db", "transactional_db"


@frozen
class OtherThread:
    """A query in a thread where Django refuses it, or that doesn't see the test's transaction."""

    name: str  # the call as written: "Group.objects.create"
    how: str  # "refused": on the thread of a running loop; "split": a second connection
    used_at: Place
    coroutine: str | None = None  # that the running loop runs
    helper: str | None = None  # the plain function which it calls, and which sends the query
    method: str | None = None  # the async method of that name: "acreate"
    row: str | None = None  # the row that the test's transaction has: "Group"
    marked_at: Place | None = None  # the line that opens the transaction of the test
    fixture: str | None = None  # the fixture that requests `db`


def find_other_thread(live: Live) -> OtherThread | None:
    """Return the first error whose query is in the wrong thread."""
    if "django.db" not in sys.modules:
        return None
    for link in live.links:
        found = _refused(link, live) or _split(link, live)
        if found is not None:
            return found
    return None


# Django refuses: a loop runs in this thread


def _refused(link: Link, live: Live) -> OtherThread | None:
    kind = objects.loaded_class(*REFUSED)
    if kind is None or type(link.error) is not kind or not link.trace:
        return None
    if link.trace[-1].module != "django.utils.asyncio":
        return None  # the user's own
    users = link.users
    where = next((step for step in users if step.frame.f_code.co_flags & ASYNC), None)
    if where is None:
        return None
    helper = users[0].frame.f_code.co_name if users[0] is not where else None
    marked, fixture = _opened_at(live)
    return OtherThread(
        name=plain(_call(where)),
        how="refused",
        used_at=where.place(live.labels),
        coroutine=where.frame.f_code.co_name,
        helper=helper,
        method=None if helper else _async_twin(link.trace, where),
        marked_at=marked,
        fixture=fixture,
    )


def _call(step: Step) -> str:
    """Return what the line calls or reads, as written; "" if Python does not say."""
    node: ast.AST | None = step.source.call or step.source.expression
    if isinstance(node, ast.Await):
        node = node.value
    if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp):
        node = node.generators[0].iter
    if isinstance(node, ast.Call):
        return ast.unparse(node.func)
    return ast.unparse(node) if isinstance(node, ast.Attribute | ast.Name) else ""


def _async_twin(trace: Sequence[Step], where: Step) -> str | None:
    """Return the async method beside the one that *where* calls, if Django has it."""
    inner = trace[trace.index(where) + 1 :]
    for step in inner[:2]:  # a manager passes it on
        me = thread_stacks.locals_of(step.frame).get("self")
        twin = f"a{step.frame.f_code.co_name}"
        if objects.class_attribute(type(me), twin) is not objects.ABSENT:
            return twin
    return None


# Two threads, two connections: one has the test's transaction


def _split(link: Link, live: Live) -> OtherThread | None:
    if not any(_is(link.error, *one) for one in FAILED):
        return None
    start = _thread_change(link.trace)
    if start is None:
        return None
    used, others = django_connections.used_in(link.trace[start:]), django_connections.all_made()
    of_test = next((one for one in others if one.in_transaction and _is_ours(one, used)), None)
    user = next((step for step in reversed(link.trace[:start]) if step.owner == "user"), None)
    if of_test is None or user is None:
        return None
    row = _row(link.trace[start:], of_test, live)
    waits = used is not None and not used.in_transaction and _met_a_lock(link.error)
    if row is None and not waits:
        return None
    marked, fixture = _opened_at(live)
    if marked is None:
        return None
    return OtherThread(
        name=plain(_call(user)),
        how="split",
        used_at=user.place(live.labels),
        row=row,
        marked_at=marked,
        fixture=fixture,
    )


def _met_a_lock(error: BaseException) -> bool:
    """Return whether SQLite's own code for *error* says that another connection has the lock."""
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    return type(code) is int and code & 0xFF in LOCKS


def _is_ours(one: Connection, used: Connection | None) -> bool:
    """Return whether *one* is of another thread than the failing query, on the same database."""
    return used is None or (one.alias == used.alias and one.thread != used.thread)


def _is(error: BaseException, module: str, name: str) -> bool:
    kind = objects.loaded_class(module, name)
    return kind is not None and objects.is_a(error, kind)


def _thread_change(trace: Sequence[Step]) -> int | None:
    for index, step in enumerate(trace):
        if (step.module, step.frame.f_code.co_name) == HANDLER:
            return index
    return None


def _row(trace: Sequence[Step], of_test: Connection, live: Live) -> str | None:
    """Return the class of a row that the test's transaction has, and the query does not find."""
    queries = objects.loaded_class(*django_connections.QUERIES)
    for step in trace:
        names = thread_stacks.locals_of(step.frame)
        query = names.get("self")
        if queries is None or step.frame.f_code.co_name != "get":
            continue
        if not objects.is_a(query, queries) or type(names.get("kwargs")) is not dict:
            continue
        for row in _rows(live):
            same = type(row) is objects.peek(query, "model")
            saved = django_connections.saved_on(row) == of_test.alias
            if same and saved and django_connections.matches(row, names["kwargs"]):
                return plain(type(row).__name__)
    return None


def _rows(live: Live) -> Iterator[object]:
    """Yield what the fixtures of the test have made, also in a list or a tuple."""
    definitions = fixtures.definitions(live.item) if live.item is not None else {}
    for definition in definitions.values():
        value = fixtures.value_of(definition)
        if objects.is_a(value, list) or objects.is_a(value, tuple):
            yield from value
        else:
            yield value


# What opens the transaction


def _opened_at(live: Live) -> tuple[Place | None, str | None]:
    """Return the mark or the fixture that opens the test's transaction, if one is open."""
    item: Any = live.item
    if item is None:
        return None, None
    mark = item.get_closest_marker(MARK)
    if mark is not None:
        return (
            (None, None)
            if mark.kwargs.get("transaction")
            else (asyncio_marks.place_of(item, live.labels, MARK), None)
        )
    table = fixtures.definitions(item)
    if WIDE in table:
        return None, None
    for name, definition in table.items():
        if PLAIN in getattr(definition, "argnames", ()) and fixtures.users(definition):
            return fixtures.place(definition, live.labels), name
    return None, None
