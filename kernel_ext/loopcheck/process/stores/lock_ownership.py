"""A lock that was released by code that did not hold it: which code acquired it, and its state.

We recognize it by the frame that raises, and read what the lock keeps. What happened earlier to a
store's locks comes from a watch: the caller passes it in.
"""

from __future__ import annotations

import _thread
import ast
import asyncio
import re
import threading
from collections.abc import Iterator, Sequence
from time import monotonic
from typing import Any, cast

from loopcheck.labels import Labels, plain
from loopcheck.light import replace
from loopcheck.process import futures, object_makers, object_names, objects
from loopcheck.process.errors import handed_on_errors
from loopcheck.process.failure import Link, Step
from loopcheck.process.stores import endpoints
from loopcheck.records import LockRecord, Place
from loopcheck.runner import fixtures
from loopcheck.source import calls, parsed_files
from loopcheck.source.nodes import calls_in, head_spans_line, nodes_of

peek = objects.peek
STORE = ("valkey.", "redis.")
EMPTIES = frozenset({"flushdb", "flushall", "delete", "unlink", "expire", "pexpire"})
RLOCK = type(threading.RLock())
KINDS = (RLOCK, type(_thread.allocate_lock()))
NEAR = 3  # steps from a name on the failing line to a lock


def read(
    links: Sequence[Link], item: Any, events: Sequence[Any], labels: Labels
) -> LockRecord | None:
    """Return the lock that the failure is about; *events* are earlier operations on locks."""
    for link in handed_on_errors.causes(links):
        steps = link.users
        if not steps or not link.trace:
            continue
        for look in (_of_store, _of_asyncio, _of_anyio, _of_thread):
            found = look(link, steps, item, events, labels)
            if found is not None:
                return found
    return None


# Locks of a store


def _of_store(
    link: Link, steps: Sequence[Step], item: Any, events: Sequence[Any], labels: Labels
) -> LockRecord | None:
    kind = type(link.error)
    theirs = objects.module_of(kind).startswith(STORE)
    known = {base.__name__ for base in objects.mro(kind)} if theirs else set()
    step = next((s for s in reversed(link.trace) if _store_lock(s) is not None), None)
    if step is None:
        return None
    foreign = _has_no_token(link, step)
    if "LockError" not in known and not foreign:
        return None
    function = step.frame.f_code.co_name
    action = next((a for a in ("release", "extend", "reacquire") if function.endswith(a)), None)
    if action is None:
        return None  # it could not be acquired in time
    lock = _store_lock(step)
    seen = [one for one in events if one.lock() is lock]
    if "LockNotOwnedError" in known:
        return _lost(link, step, lock, seen, steps, item, labels)
    others = [one for one in events if one.name == peek(lock, "name") and one not in seen]
    left = any(s.frame.f_code.co_name in handed_on_errors.EXITS for s in link.trace[-3:])
    ident = None if foreign else threading.get_ident()
    return _not_taken(action, lock, seen, others, steps, item, labels, left=left, ident=ident)


def _has_no_token(link: Link, step: Step) -> bool:
    """Return whether a thread used the lock that neither created nor acquired it.

    valkey 6 and redis 5 set the token in the thread that creates the lock; no other thread has one.
    """
    if type(link.error) is not AttributeError or link.trace[-1] is not step:
        return False
    owner = AttributeError.__dict__["obj"].__get__(link.error)
    name = AttributeError.__dict__["name"].__get__(link.error)
    local = objects.is_a(owner, threading.local) and owner is peek(_store_lock(step), "local")
    return local and type(name) is str and name == "token"


def _store_lock(step: Step) -> object | None:
    if not step.module.startswith(STORE) or not step.module.endswith(".lock"):
        return None
    return cast("object | None", step.frame.f_locals.get("self"))


def _lost(
    link: Link,
    step: Step,
    lock: object,
    seen: Sequence[Any],
    steps: Sequence[Step],
    item: Any,
    labels: Labels,
) -> LockRecord:
    """The lock was acquired, and the store no longer has it: it expired, or was removed."""
    token = step.frame.f_locals.get("expected_token")
    taken = [e for e in seen if e.action == "take" and (token is None or e.token == token)]
    ended = [e for e in seen if e.action == "release" and (token is None or e.token == token)]
    renewals = [e for e in seen if e.action == "extend"]
    if "release" not in step.frame.f_code.co_name:
        tried = ".asyncio." in step.module  # recorded before the answer; else only on success
        end = renewals.pop().at if tried and renewals else monotonic()
    else:
        end = ended[-1].at if ended else monotonic()  # a subclass may release in another way
    timeout = peek(lock, "timeout")
    limit = float(timeout) if type(timeout) in (int, float) else None  # type: ignore[arg-type]
    held = end - taken[-1].at if taken else None
    over = limit is not None and held is not None and held >= limit and not renewals
    before = None if over else _removed(steps[0], taken[-1].line if taken else None)
    inside = link.error.__context__
    return _record(
        "expired" if over else "gone",
        "release" if "release" in step.frame.f_code.co_name else "extend",
        lock,
        steps,
        item,
        labels,
        taken=taken[-1] if taken else None,
        before=before,
        timeout=limit,
        held=held,
        hides=type(inside).__name__ if inside is not None and _blocks_own(inside) else None,
    )


def _blocks_own(error: BaseException) -> bool:
    return not objects.module_of(type(error)).startswith(STORE)


def _removed(step: Step, since: tuple[str, int, str] | None) -> tuple[int, str] | None:
    """Return the only call between acquire and release that removes keys, in the same function."""
    code = step.frame.f_code
    first = since[1] if since is not None and since[0] == code.co_filename else 0
    found = set()
    for function in parsed_files.enclosing(code.co_filename, step.line)[:1]:
        for node in calls_in(function):
            if (name := calls.last(node.func)) in EMPTIES:
                last = max(step.line, _end_of_block(function, step.line))
                if first <= node.lineno <= last:
                    found.add((node.lineno, name or ""))
    return found.pop() if len(found) == 1 else None


def _end_of_block(function: ast.AST, line: int) -> int:
    ends = [
        node.end_lineno or 0
        for node in nodes_of((ast.With, ast.AsyncWith), function)
        if head_spans_line(node, line)
    ]
    return max(ends, default=0)


def _not_taken(
    action: str,
    lock: object,
    seen: Sequence[Any],
    others: Sequence[Any],
    steps: Sequence[Step],
    item: Any,
    labels: Labels,
    *,
    left: bool,
    ident: int | None,
) -> LockRecord:
    """The thread *ident* has no token: another one acquired the lock, or none, or it is released.

    An *ident* of None is a thread that we know only from its error: it may have ended.
    """
    last = seen[-1] if seen else None
    held = [one for one in others if one.action == "take" and not _given_back(one, others)]
    taken, how = None, "never"
    if last is not None and last.action == "release":
        how = "twice"
    elif last is not None and last.thread_id != ident:
        how, taken = "thread", last
    elif last is None and held:
        how, taken = "object", held[-1]
    done = "release" if action == "release" else "extend"
    before = (last.line[1], "release") if how == "twice" and last and last.line else None
    return _record(
        how,
        done,
        lock,
        steps,
        item,
        labels,
        taken=taken,
        before=before,
        before_file=last.line[0] if before and last and last.line else None,
        left=left,
        by=_by_ident(ident) if how == "thread" and ident is not None else None,
    )


def _given_back(taken: Any, events: Sequence[Any]) -> bool:
    return any(one.action == "release" and one.token == taken.token for one in events)


def _record(
    how: Any,
    action: Any,
    lock: object,
    steps: Sequence[Step],
    item: Any,
    labels: Labels,
    *,
    taken: Any = None,
    before: tuple[int, str] | None = None,
    before_file: str | None = None,
    timeout: float | None = None,
    held: float | None = None,
    hides: str | None = None,
    left: bool = False,
    by: str | None = None,
) -> LockRecord:
    code = steps[0].frame.f_code
    way = object_names.find(_roots(steps, item), [lock])
    key = peek(lock, "name")
    file = before_file or code.co_filename
    return LockRecord(
        name=way.name if way is not None else _said(steps[0]) or "the lock",
        type=objects.type_name(lock),
        how=how,
        action=action,
        key=plain(key) if type(key) is str else None,
        made_at=object_makers.made_at(way, labels)
        if way is not None
        else _with_line(steps[0], labels),
        taken_at=_at(taken, labels),
        taken_by=_who(taken),
        released_at=Place(labels.file(code.co_filename), steps[0].line, code.co_name),
        released_by=by,
        before_at=Place(labels.file(file), before[0]) if before else None,
        before=before[1] if before else None,
        timeout=timeout,
        held=held,
        hides=hides,
        left=left,
    )


def _roots(steps: Sequence[Step], item: Any) -> Iterator[object_names.Root]:
    if item is not None:
        yield from fixtures.roots(item)
    for step in steps[:8]:
        yield from object_names.roots_of(step.frame, step.line)


def _with_line(step: Step, labels: Labels) -> Place | None:
    """Return the `with` that itself creates its lock: `async with client.lock("job"):`."""
    code = step.frame.f_code
    for function in parsed_files.enclosing(code.co_filename, step.line)[:1]:
        for node in nodes_of((ast.With, ast.AsyncWith), function):
            for one in node.items:
                expr = one.context_expr
                if isinstance(expr, ast.Call) and node.lineno <= step.line <= expr.lineno:
                    return Place(labels.file(code.co_filename), expr.lineno, code.co_name)
    return None


def _said(step: Step) -> str | None:
    """Return what the failing line releases, as the code writes it, without arguments."""
    for node in parsed_files.nodes_at(step.frame.f_code.co_filename, step.line):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr in ("release", "extend"):
                return endpoints.dotted(called.value)
            return endpoints.dotted(called)
    return None


def _at(event: Any, labels: Labels) -> Place | None:
    if event is None or event.line is None:
        return None
    file, line, name = event.line
    return Place(labels.file(file), line, name)


def _who(event: Any) -> str | None:
    if event is None:
        return None
    return f"the task `{event.task}`" if event.task else _named(event.thread)


def _named(thread: str) -> str:
    return "the main thread" if thread == "MainThread" else f"the thread `{thread}`"


def _by_ident(ident: int) -> str | None:
    found = threading._active.get(ident)  # type: ignore[attr-defined]
    return _named(found.name) if found is not None else None


# Locks of one process


def _of_asyncio(
    link: Link, steps: Sequence[Step], item: Any, events: Sequence[Any], labels: Labels
) -> LockRecord | None:
    last = link.trace[-1]
    lock = last.frame.f_locals.get("self")
    released = last.module == "asyncio.locks" and last.frame.f_code.co_name == "release"
    if not released or not objects.is_a(lock, asyncio.Lock):
        return None
    if not objects.is_a(link.error, RuntimeError):
        return None
    left = any(step.frame.f_code.co_name == "__aexit__" for step in link.trace[-2:])
    return _plain(lock, left, steps, item, labels)


def _of_anyio(
    link: Link, steps: Sequence[Step], item: Any, events: Sequence[Any], labels: Labels
) -> LockRecord | None:
    last = link.trace[-1]
    lock = last.frame.f_locals.get("self")
    if not last.module.startswith("anyio.") or last.frame.f_code.co_name != "release":
        return None
    if not type(lock).__name__.endswith("Lock") or not objects.is_a(link.error, RuntimeError):
        return None
    owner = peek(lock, "_owner_task")
    found = replace(_plain(lock, False, steps, item, labels), how="stranger")
    if not futures.is_task(owner):
        return found  # it may have been released since
    coroutine = futures.coroutine(cast("asyncio.Task[object]", owner))
    name = getattr(getattr(coroutine, "cr_code", None), "co_qualname", None)
    return _held_by(found, f"the task `{name}`") if name else found


def _of_thread(
    link: Link, steps: Sequence[Step], item: Any, events: Sequence[Any], labels: Labels
) -> LockRecord | None:
    """Find the lock through the failing line: no frame has a lock that is written in C."""
    last = link.trace[-1]
    if last.owner != "user" or type(link.error) is not RuntimeError:
        return None
    code = last.frame.f_code
    if parsed_files.step_at(code.co_filename, last.line, last.span) == "raise":
        return None
    said = objects.all_said(link.error)
    if not re.search(r"un-?acquired lock|unlocked lock", said):
        return None
    locks = {id(one): one for one in _on_line(last)}
    if len(locks) != 1:
        return None
    [lock] = locks.values()
    found = _plain(lock, _leaves_with(last), steps, item, labels)
    owner = re.search(r"owner=(\d+)", repr(lock)) if type(lock) is RLOCK else None
    ident = int(owner[1]) if owner else 0
    who = _by_ident(ident) if ident and ident != threading.get_ident() else None
    if who is not None:
        return _held_by(found, who)
    if type(lock) is RLOCK and found.how == "unlocked":  # it may have been released since
        return replace(found, how="stranger", taken_at=_taken(found.name, last, labels))
    return found


def _taken(name: str, step: Step, labels: Labels) -> Place | None:
    """Return the only line of the file that acquires something of that name."""
    found = _calls(name, "acquire", step.frame.f_code.co_filename)
    if len(found) != 1:
        return None
    [(line, function)] = found.items()
    return Place(labels.file(step.frame.f_code.co_filename), line, function)


def _on_line(step: Step) -> Iterator[object]:
    space = {**step.frame.f_globals, **step.frame.f_locals}
    for name in parsed_files.names_at(step.frame.f_code.co_filename, step.line):
        for path, thing, _ in objects.walk(space.get(name)):
            if len(path) > NEAR:
                break
            if type(thing) in KINDS:
                yield thing


def _leaves_with(step: Step) -> bool:
    around = parsed_files.standing_at(step.frame.f_code.co_filename, step.line)
    return any(isinstance(one, ast.With) and step.line < one.body[0].lineno for one in around)


def _held_by(found: LockRecord, who: str) -> LockRecord:
    return replace(found, how="holder", taken_by=who)


def _plain(
    lock: object, left: bool, steps: Sequence[Step], item: Any, labels: Labels
) -> LockRecord:
    """Return the record of a lock that is free now; in a `with`, it was released too early."""
    way = object_names.find(_roots(steps, item), [lock])
    name = way.name if way is not None else _said(steps[0]) or "the lock"
    code = steps[0].frame.f_code
    early = _releases(name, steps[0]) if left else None
    file = early[0] if early else code.co_filename
    return LockRecord(
        name=name,
        type=objects.type_name(lock),
        how="within" if left else "unlocked",
        made_at=object_makers.made_at(way, labels),
        released_at=Place(labels.file(code.co_filename), steps[0].line, code.co_name),
        before_at=Place(labels.file(file), early[1], early[2]) if early else None,
        before="release" if early else None,
    )


def _releases(name: str, step: Step) -> tuple[str, int, str] | None:
    """Return the only line of the file that releases something of that name."""
    file = step.frame.f_code.co_filename
    found = _calls(name, "release", file)
    return (file, *next(iter(found.items()))) if len(found) == 1 else None


def _calls(name: str, method: str, file: str) -> dict[int, str]:
    """Return the lines that call *method* on something of that name, each with its function."""
    module, last = parsed_files.tree(file), name.rpartition(".")[2]
    found = {}
    for node in calls_in(module):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr=attr)) if attr == method:
                if ast.unparse(owner).rpartition(".")[2] == last:
                    around = parsed_files.enclosing(file, node.lineno)
                    found[node.lineno] = around[0].name if around else ""
    return found
