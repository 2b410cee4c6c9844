"""Whether a class's close method must have failed, as what its instance keeps is still open."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from loopcheck.source import bindings, calls
from loopcheck.source.bindings import Function
from loopcheck.source.nodes import has_node

_DYNAMIC = frozenset({"__getattr__", "__getattribute__"})
_DECORATORS = frozenset({"dataclass"})  # these add no method of another name to a class


def fails(method: str, attribute: str, kinds: Sequence[ast.ClassDef]) -> bool:
    """Return whether a call of *method* must have failed, as *attribute* was left open.

    *kinds* are the class and its bases. The call fails if none of them has the method, or if the
    method would close the attribute in any case. A method that does not mention the attribute may
    have run to its end.
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
    """Yield the nodes that assign a name: `def close`, `close = shutdown`, `self.close = …`."""
    for node in ast.walk(kind):
        stored = isinstance(getattr(node, "ctx", None), ast.Store)
        if isinstance(node, Function) or stored:
            yield node


def _name(node: ast.AST) -> str | None:
    names = (getattr(node, kind, None) for kind in ("name", "attr", "id"))
    return next((one for one in names if isinstance(one, str)), None)


def _closes(function: Function, attribute: str) -> bool:
    """Return whether *function* always closes `self.<attribute>` in a statement of its own."""
    text = f"{bindings.first_parameter(function)}.{attribute}"
    if has_node(ast.Return, function):
        return False
    for step in function.body:
        awaited = step.value if isinstance(step, ast.Expr) else None
        call = awaited.value if isinstance(awaited, ast.Await) else awaited
        match call:
            case ast.Call(func=ast.Attribute(value=owner, attr=method)):
                if ast.unparse(owner) == text and bindings.ends(method):
                    return True
    return False
