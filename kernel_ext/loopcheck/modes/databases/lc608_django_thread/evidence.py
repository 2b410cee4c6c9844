"""What only LC608 asks: the thread of a query, the thread of the test's transaction."""

from __future__ import annotations

import ast
import inspect
import sys
import threading
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
from loopcheck.runner import asyncio_marks, fixture_tables, fixtures

REFUSED = ("django.core.exceptions", "SynchronousOnlyOperation")
FAILED = (
    ("django.db.utils", "OperationalError"),
    ("django.core.exceptions", "ObjectDoesNotExist"),
)
QUERIES = ("django.db.models.query", "QuerySet")
ASYNC = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
WORKERS = (("asgiref.sync", "thread_handler"), ("concurrent.futures.thread", "run"))
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
    proven: bool = True  # the test's connection finds it
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
    user = next((step for step in reversed(link.trace[:start]) if step.owner == "user"), None)
    if start is None or user is None:
        return None
    found = _missed_row(link.trace[start:], live) or _lock(link)
    marked, fixture = _opened_at(live) if found is not None else (None, None)
    if found is None or marked is None:
        return None
    return OtherThread(
        name=plain(_call(user)),
        how="split",
        used_at=user.place(live.labels),
        row=found.row,
        proven=found.proven,
        marked_at=marked,
        fixture=fixture,
    )


def _thread_change(trace: Sequence[Step]) -> int | None:
    for index, step in enumerate(trace):
        if (step.module, step.frame.f_code.co_name) in WORKERS:
            return index
    return None


def _connections() -> tuple[Connection | None, list[Connection]]:
    """Return the one with the test's transaction, and those of other threads beside it."""
    made, here = django_connections.all_made(), threading.get_ident()
    of_test = next((one for one in made if one.in_transaction and one.thread == here), None)
    if of_test is None:
        return None, []
    return of_test, [one for one in made if one.alias == of_test.alias and one.thread != here]


@frozen
class Missed:
    """What the query in the other thread misses: a row of the transaction, or a lock."""

    row: str | None = None
    proven: bool = True


def _missed_row(trace: Sequence[Step], live: Live) -> Missed | None:
    """Return the row which the test's connection finds for a query that found none."""
    of_test, others = _connections()
    rows = next((found for step in trace if (found := _sent_by(step)) is not None), None)
    query = django_connections.row_query(rows)
    if of_test is None or not others or query is None:
        return None
    if objects.peek(rows, "_db") not in (None, of_test.alias):
        return None
    found = django_connections.finds_a_row(of_test, query)
    if found is None:
        # We ask SQLite's driver only: a server might let us wait. A fixture's object that looks
        # saved is a good sign, but a queryset can delete its row without it.
        found = any(django_connections.looks_saved(row, query, of_test) for row in _rows(live))
        return Missed(row=plain(query.model.__name__), proven=False) if found else None
    return Missed(row=plain(query.model.__name__)) if found else None


def _rows(live: Live) -> Iterator[object]:
    """Yield what the fixtures of the test have made, also in a list or a tuple."""
    definitions = fixtures.definitions(live.item) if live.item is not None else {}
    for definition in definitions.values():
        value = fixture_tables.value_of(definition)
        if objects.is_a(value, list) or objects.is_a(value, tuple):
            yield from value
        else:
            yield value


def _sent_by(step: Step) -> object:
    """Return the queryset that `get` has sent in *step*, None if it is another function."""
    queries = objects.loaded_class(*QUERIES)
    names = thread_stacks.locals_of(step.frame)
    if queries is None or not objects.is_a(names.get("self"), queries):
        return None
    return names.get("clone") if step.frame.f_code.co_name == "get" else None


def _lock(link: Link) -> Missed | None:
    """Return that only the test's transaction can have the lock that *link* met."""
    used = django_connections.used_in(link.trace)
    of_test, others = _connections()
    if of_test is None or used is None or not django_connections.met_a_lock(link.error.__cause__):
        return None
    if used.alias != of_test.alias or used.thread == of_test.thread:
        return None
    if any(one.in_transaction for one in others) or not django_connections.is_locked(of_test):
        return None
    return Missed()


def _is(error: BaseException, module: str, name: str) -> bool:
    kind = objects.loaded_class(module, name)
    return kind is not None and objects.is_a(error, kind)


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
