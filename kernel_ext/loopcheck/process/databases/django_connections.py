"""Django's connections: the thread of each, and whether a transaction is open on it."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from loopcheck.light import dataclass
from loopcheck.process import heap, objects, thread_stacks
from loopcheck.process.failure import Step

WRAPPER = ("django.db.backends.base.base", "BaseDatabaseWrapper")
MODEL = ("django.db.models.base", "Model")
QUERIES = ("django.db.models.query", "QuerySet")


@dataclass(frozen=True, eq=False)
class Connection:
    """A connection of Django's, and the thread that owns it."""

    alias: str
    thread: int
    in_transaction: bool
    is_open: bool

    @property
    def thread_name(self) -> str | None:
        """The name of its thread, None if that has ended."""
        alive = (one.name for one in threading.enumerate() if one.ident == self.thread)
        return next(alive, None)


def all_made() -> list[Connection]:
    """Return the connections that live in this process."""
    kind = objects.loaded_class(*WRAPPER)
    read = map(_read, heap.instances([kind])) if kind is not None else ()
    return [one for one in read if one is not None]


def used_in(trace: Sequence[Step]) -> Connection | None:
    """Return the connection that the innermost frame of Django's in *trace* works with."""
    kind = objects.loaded_class(*WRAPPER)
    for step in reversed(trace) if kind is not None else ():
        if not step.module.startswith("django.db."):
            continue
        me = thread_stacks.locals_of(step.frame).get("self")
        for one in (me, *(objects.peek(me, name) for name in ("connection", "db", "wrapper"))):
            if kind is not None and objects.is_a(one, kind) and (found := _read(one)) is not None:
                return found
    return None


def _read(wrapper: object) -> Connection | None:
    alias, thread = objects.peek(wrapper, "alias"), objects.peek(wrapper, "_thread_ident")
    if type(alias) is not str or type(thread) is not int:
        return None
    return Connection(
        alias=alias,
        thread=thread,
        in_transaction=objects.peek(wrapper, "in_atomic_block") is True,
        is_open=objects.peek(wrapper, "connection") is not None,
    )


def saved_on(model: object) -> str | None:
    """Return the alias of the database that has the row of *model*, None if none has."""
    kind = objects.loaded_class(*MODEL)
    if kind is None or not objects.is_a(model, kind):
        return None
    state = objects.peek(model, "_state")
    alias = objects.peek(state, "db")
    if type(alias) is not str or objects.peek(state, "adding") is not False:
        return None
    return None if _deleted(model) else alias


def _deleted(model: object) -> bool:
    """Return whether `delete()` has taken the row of *model*: it also takes the key."""
    meta = objects.class_attribute(type(model), "_meta")
    key = objects.peek(objects.peek(meta, "pk"), "attname")
    return type(key) is not str or objects.peek(model, key) is None


def matches(model: object, lookups: dict[str, object]) -> bool:
    """Return whether the row of *model* has the values that *lookups* name, and no other kind."""
    return bool(lookups) and all(_has(model, name, value) for name, value in lookups.items())


def _has(model: object, name: str, value: object) -> bool:
    own = objects.peek(model, "id" if name == "pk" else name)
    return type(own) is type(value) and type(value) in (str, int, bool) and own == value
