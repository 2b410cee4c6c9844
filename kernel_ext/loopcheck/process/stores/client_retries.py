"""Whether a client would have retried: its settings, and the errors that they cover."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from types import FrameType, FunctionType, MethodType, ModuleType

from loopcheck.process import objects
from loopcheck.process.doubles import doubles
from loopcheck.process.frames import first_argument
from loopcheck.source import parsed_files
from loopcheck.source.assignments import assignments_in
from loopcheck.source.failing_line import FileLine
from loopcheck.source.nodes import nodes_of
from loopcheck.source.values import meaning

AGAIN = re.compile(r"retr(y|ies|ying)|backoff|attempts|tenacity|stamina", re.IGNORECASE)
# A client with this method retries only after the errors in its list: all of valkey's, and redis
# before 6. Later versions of redis need no list.
LISTS = "_disconnect_raise"


def configured(client: object, error: BaseException) -> str | None:
    """Return what a valkey, redis or httpx client would do after *error*; None without retries.

    The client has retries configured. Whether they cover *error* is another question.
    """
    kept = objects.peek(objects.peek(client, "connection_pool"), "connection_kwargs")
    told = kept if type(kept) is dict else {}
    pool = objects.peek(objects.peek(client, "_transport"), "_pool")
    times = objects.peek(told.get("retry"), "_retries") or objects.peek(pool, "_retries")
    if type(times) is not int or times == 0:
        return None
    listed = told.get("retry_on_error")
    errors = [one for one in listed if objects.is_a(one, type)] if type(listed) is list else []
    late = told.get("retry_on_timeout") is True and "TimeoutError" in _names(error)
    holds = not _lists(type(client)) or late or any(objects.is_a(error, one) for one in errors)
    return _words(holds, error)


def made_at(
    client: object, frames: list[FrameType], error: BaseException
) -> tuple[FileLine, str] | None:
    """Return the line that creates *client*, or its original, with a retry.

    The second part says what the client would do after *error*.
    """
    inside = [mock for mock, _ in doubles.up(client)]
    for frame in reversed(frames):
        of = first_argument(frame)
        for name, value in list((objects.own_dict(of) or {}).items()) if of is not None else ():
            if any(value is mock for mock in inside):
                found = _made_with_retry(type(of), str(name), error)
                if found is not None:
                    return found
    return None


def _words(holds: bool, error: BaseException) -> str:
    if holds:
        return "tries again"
    return f"has a `retry=`, but no `retry_on_error=` for `{type(error).__name__}`"


def _made_with_retry(kind: type, name: str, error: BaseException) -> tuple[FileLine, str] | None:
    for base in objects.mro(kind):
        filename = objects.users_class(base)
        block = parsed_files.class_named(filename, base.__qualname__) if filename else None
        made = list(_made(block, f"self.{name}")) if block is not None else []
        for call, line in made:
            if said := _said(call):
                names = _globals(objects.module_of(base))
                holds = not _lists(_maker(call.func, names)) or _listed(said, names, error)
                return (str(filename), line), _words(holds, error)
        if made:
            return None  # a class's own line overrides what its bases have
    return None


def _made(block: ast.AST, target: str) -> Iterator[tuple[ast.Call, int]]:
    """Yield the calls whose result *block* assigns to *target*."""
    for one in assignments_in(block):
        if one.how == "assigned" and isinstance(one.value, ast.Call) and one.sets(target):
            yield one.value, one.line


def _said(call: ast.Call) -> dict[str, ast.expr]:
    """Return the arguments of *call* that configure retries."""
    keywords = list(nodes_of(ast.keyword, call))
    return {one.arg: one.value for one in keywords if one.arg and AGAIN.search(one.arg)}


def _listed(said: dict[str, ast.expr], names: dict[str, object], error: BaseException) -> bool:
    """Return whether the arguments configure a retry after *error*."""
    if "retry_on_timeout" in said and "TimeoutError" in _names(error):
        return True
    listed = said.get("retry_on_error")
    if isinstance(listed, ast.List | ast.Tuple):
        return any(_takes(one, names, error) for one in listed.elts)
    return listed is not None  # a list that is built elsewhere


def _takes(node: ast.expr, names: dict[str, object], error: BaseException) -> bool:
    kind = meaning.of(node, names)
    if objects.is_a(kind, type):
        return objects.is_a(error, kind)
    return ast.unparse(node).rpartition(".")[2] in _names(error)


def _maker(node: ast.expr, names: dict[str, object]) -> object:
    """Return what *node* names; for a method, or an unknown attribute, its owner."""
    found = meaning.of(node, names)
    if type(found) is MethodType:
        return found.__self__
    if not meaning.known(found) and isinstance(node, ast.Attribute):
        return _maker(node.value, names)
    return found


def _lists(maker: object) -> bool:
    """Return whether the client that *maker* creates retries only after listed errors."""
    if type(maker) is ModuleType:
        return any(_lists(vars(maker).get(name)) for name in ("Valkey", "Redis"))
    if type(maker) is FunctionType:  # from_url
        return maker.__module__.partition(".")[0] == "valkey"
    kinds = objects.mro(maker) if objects.is_a(maker, type) else ()
    return any(LISTS in objects.class_dict(kind) for kind in kinds)


def _globals(module: str) -> dict[str, object]:
    found = sys.modules.get(module)
    return vars(found) if type(found) is ModuleType else {}


def _names(error: BaseException) -> set[str]:
    return {one.__name__ for one in objects.mro(type(error))}
