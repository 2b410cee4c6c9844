"""Whether the end of a class of the user's fails, or would have closed what an instance keeps."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from loopcheck.source import bindings, calls
from loopcheck.source.bindings import Function

_DYNAMIC = frozenset({"__getattr__", "__getattribute__"})
_DECORATORS = frozenset({"dataclass"})  # which give a class no method of another name


def fails(method: str, attribute: str, kinds: Sequence[ast.ClassDef]) -> bool:
    """Return whether a call of *method* has failed, if what *attribute* keeps was left open.

    *kinds* are the class and its bases. None of them has the method, or it closes the attribute
    whatever comes. One that leaves the attribute out may have come to its end.
    """
    if not kinds or any(map(_grows, kinds)):
        return False
    named = [one for kind in kinds for one in _named(kind) if _name(one) in (method, *_DYNAMIC)]
    if not named:
        return True
    own = named[0]
    return isinstance(own, Function) and _name(own) == method and _closes(own, attribute)


def _grows(kind: ast.ClassDef) -> bool:
    """Return whether *kind* may get methods that its text does not show."""
    names = (
        calls.last(one.func if isinstance(one, ast.Call) else one) for one in kind.decorator_list
    )
    return bool(kind.keywords) or not _DECORATORS.issuperset(names)


def _named(kind: ast.ClassDef) -> Iterator[ast.AST]:
    """Yield what gives a name a value: `def close`, `close = shutdown`, `self.close = …`."""
    for node in ast.walk(kind):
        stored = isinstance(getattr(node, "ctx", None), ast.Store)
        if isinstance(node, Function) or stored:
            yield node


def _name(node: ast.AST) -> str | None:
    names = (getattr(node, kind, None) for kind in ("name", "attr", "id"))
    return next((one for one in names if isinstance(one, str)), None)


def _closes(function: Function, attribute: str) -> bool:
    """Return whether *function* closes `self.<attribute>` in a line of its own, if none fails."""
    text = f"{bindings.first_parameter(function)}.{attribute}"
    if any(isinstance(node, ast.Return) for node in ast.walk(function)):
        return False
    for step in function.body:
        awaited = step.value if isinstance(step, ast.Expr) else None
        call = awaited.value if isinstance(awaited, ast.Await) else awaited
        match call:
            case ast.Call(func=ast.Attribute(value=owner, attr=method)):
                if ast.unparse(owner) == text and bindings.ends(method):
                    return True
    return False
