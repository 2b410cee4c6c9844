"""Attributes of SQLAlchemy models that queried the database outside an `await`."""

from __future__ import annotations

import ast
import sys
from types import ModuleType
from typing import Any, Literal

from loopcheck.labels import Labels
from loopcheck.process import failure, objects
from loopcheck.process.databases import connection_names, stale_connections
from loopcheck.records import ImplicitIO, Place
from loopcheck.source import parsed_files
from loopcheck.source.nodes import calls_in

peek = objects.peek
NO_GREENLET, DETACHED = "xd2s", "bhk3"  # SQLAlchemy's own error codes
ENDS = ("commit", "rollback", "flush", "expire", "expire_all")


def read(error: BaseException, item: Any, labels: Labels) -> ImplicitIO | None:
    """Return the attribute or the call that raised *error*."""
    for link in connection_names.passed_on(error):
        code = stale_connections.peek_class(link.error, "code")
        if not objects.type_name(link.error).startswith("sqlalchemy."):
            if (found := _of_pydantic(link, labels)) is not None:
                return found
            continue
        detached = code == DETACHED and "sqlalchemy.ext.asyncio.session" in sys.modules
        if code == NO_GREENLET or detached:
            return _read(link, labels, detached=detached)
    return None


def _read(link: failure.Link, labels: Labels, *, detached: bool) -> ImplicitIO | None:
    user: failure.Step | None = None
    for step in link.trace:
        if step.owner == "user":
            user = step
        elif step.module.startswith("sqlalchemy.orm.") and (found := _attribute(step)):
            return _of_attribute(found[0], found[1], user, labels, detached=detached)
    if user is None or detached:
        return None
    return ImplicitIO(name=_called(user), used_at=user.place(labels))


def _attribute(step: failure.Step) -> tuple[Any, str] | None:
    """Return the instance's state and the attribute that a SQLAlchemy frame works on."""
    space = step.frame.f_locals
    key = peek(space.get("self"), "key")
    if type(key) is not str:
        return None
    state = space.get("state")
    if not _is_state(state):
        state = peek(space.get("instance"), "_sa_instance_state")
    return (state, key) if _is_state(state) else None


def _is_state(thing: object) -> bool:
    return objects.type_name(thing) == "sqlalchemy.orm.state.InstanceState"


def _of_attribute(
    state: Any, key: str, user: failure.Step | None, labels: Labels, *, detached: bool
) -> ImplicitIO:
    kind = peek(state, "class_")
    model = kind.__name__ if objects.is_a(kind, type) else "?"
    impl = _impl(kind, key)
    related = "Object" in impl or "Collection" in impl
    expired = _expired(state, key)
    since, by = _since(user, labels) if user is not None and expired else (None, None)
    how = _how(state, key, impl, expired=expired)
    return ImplicitIO(
        name=f"{model}.{key}",
        model=model,
        attribute=key,
        relationship=related,
        left_out=_is_column(impl) and not expired,
        sync=_plain(user) if user is not None else None,
        how="detached" if detached else "expired" if by is not None else how,
        used_at=user.place(labels) if user is not None else None,
        since=since,
        by=by,
        expires=_expires(state),
    )


def _impl(kind: object, key: str) -> str:
    """Return SQLAlchemy's implementation of an attribute, "" for a property in user code."""
    for base in objects.mro(kind) if objects.is_a(kind, type) else ():
        found = objects.class_dict(base).get(key)
        if found is not None:
            impl = peek(found, "impl")
            return type(impl).__name__ if impl is not None else ""
    return ""


How = Literal["expired", "lazy", "inside", "base"]


def _how(state: object, key: str, impl: str, *, expired: bool) -> How:
    """Return why *key* is not loaded; for a property, why what it reads is not loaded."""
    if not impl:
        return "inside"
    if not expired:
        return "lazy"
    return "base" if _as_base(state, key) else "expired"


def _as_base(state: object, key: str) -> bool:
    """Return whether *state* lacks all columns that its class adds to its base, *key* among them.

    SQLAlchemy marks these as expired when a query for the base finds an object of the class.
    """
    kind = peek(state, "class_")
    if not objects.is_a(kind, type) or peek(state, "expired") is True:
        return False
    bases = [objects.class_dict(base) for base in objects.mro(kind)[1:]]
    if not any("_sa_class_manager" in base and "__table__" in base for base in bases):
        return False
    added = {
        name: one
        for name, one in list(objects.class_dict(kind).items())
        if _is_column(_impl(kind, name)) and not any(name in base for base in bases)
    }
    # A flush also expires the columns that the database computes.
    told = any(not _computed(one) for one in added.values())
    return key in added and told and all(_expired(state, name) for name in added)


def _is_column(impl: str) -> bool:
    return "Scalar" in impl and "Object" not in impl


def _computed(attribute: object) -> bool:
    """Return whether the column of *attribute* has a default of any kind, or is unknown."""
    columns = peek(peek(peek(attribute, "comparator"), "prop"), "columns")
    kinds = ("default", "onupdate", "server_default", "server_onupdate")
    known = list(columns) if type(columns) is list else []
    return not known or any(peek(one, kind) is not None for one in known for kind in kinds)


def _expired(state: object, key: str) -> bool:
    kept = peek(state, "expired_attributes")
    return isinstance(kept, set) and key in kept


def _expires(state: object) -> bool | None:
    sessions = sys.modules.get("sqlalchemy.orm.session")
    kept = sessions.__dict__.get("_sessions") if type(sessions) is ModuleType else None
    number = peek(state, "session_id")
    session = kept.get(number) if kept is not None and type(number) is int else None
    found = peek(session, "expire_on_commit")
    return found if type(found) is bool else None


def _since(user: failure.Step, labels: Labels) -> tuple[Place | None, str | None]:
    """Return the last line before the failing one that ends a transaction, in its function."""
    code = user.frame.f_code
    around = parsed_files.enclosing(code.co_filename, user.line)
    found: tuple[int, str] | None = None
    for node in calls_in(*around[:1]):
        match node:
            case ast.Call(func=ast.Attribute(attr=name)) if name in ENDS:
                if node.lineno < user.line:
                    found = max(found or (0, ""), (node.lineno, name))
    if found is None:
        return None, None
    return Place(labels.file(code.co_filename), found[0], code.co_name), found[1]


def _plain(user: failure.Step) -> str | None:
    """Return the function around the failing line of user code, if it can't await."""
    around = parsed_files.enclosing(user.frame.f_code.co_filename, user.line)
    return around[0].name if around and isinstance(around[0], ast.FunctionDef) else None


def _called(user: failure.Step) -> str:
    """Return the call of the failing line, as the code writes it."""
    code = user.frame.f_code
    best: ast.Call | None = None
    for node in parsed_files.nodes_at(code.co_filename, user.line):
        if isinstance(node, ast.Call):
            spot = user.span
            if spot is not None and not (
                node.lineno == spot[0] and node.col_offset <= spot[1] <= (node.end_col_offset or 0)
            ):
                continue
            if best is None or node.col_offset >= best.col_offset:
                best = node
    return ast.unparse(best.func)[:80] if best is not None else code.co_name


# pydantic reads attributes itself, and keeps only the message of an error


def _of_pydantic(link: failure.Link, labels: Labels) -> ImplicitIO | None:
    if not objects.type_name(link.error).startswith("pydantic_core."):
        return None
    errors: Any = link.error
    for one in errors.errors(include_url=False, include_context=True):
        said = str((one.get("ctx") or {}).get("error", ""))
        state = peek(one.get("input"), "_sa_instance_state")
        if one.get("type") != "get_attribute_error" or "MissingGreenlet" not in said:
            continue
        path = [part for part in one.get("loc", ()) if type(part) is str]
        user = link.user
        if path and _is_state(state):
            return _of_attribute(state, path[-1], user, labels, detached=False)
    return None
