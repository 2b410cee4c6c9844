"""Where the project changes what is called by a name: `self.count -= 1`, `job.rows.append(row)`.

Names alone say it: another object's attribute of that name counts, too, unless the class shows it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.light import dataclass
from loopcheck.source import calls, parsed_files, project_files
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import nodes_of, own_nodes

ADDS = frozenset(
    {"append", "appendleft", "add", "extend", "insert", "update", "setdefault", "put_nowait"}
)
REMOVES = frozenset({"pop", "popleft", "popitem", "remove", "discard", "clear"})
CREATES = frozenset({"__init__", "__post_init__", "__new__"})


@dataclass(frozen=True)
class StateChange:
    """A statement that changes an attribute or a variable, or what it holds."""

    file: str
    line: int
    function: Def
    kind: str | None  # the class whose method it is in
    text: str  # "self.count"
    own: bool  # of the method's own object: `self.count`
    how: str  # "assigned", "added", "removed" or "changed"
    given: ast.expr | None = None  # what is assigned

    @property
    def shared(self) -> bool:
        """Whether other functions see it, if it is a variable: not a local name's assignment."""
        if self.how in ("added", "removed"):
            return True
        declared = nodes_of((ast.Global, ast.Nonlocal), self.function)
        return any(self.text in one.names for one in declared)


def of(name: str) -> Iterator[StateChange]:
    """Yield each change of what is called *name*, in functions that do not create it."""
    for file, function in functions_mentioning(name):
        for node in own_nodes(function):
            for target, how, given in changes_by(node):
                if calls.last(target) == name:
                    yield _change(file, function, target, how, given)


def functions_mentioning(*words: str) -> Iterator[tuple[str, Def]]:
    """Yield the functions of the project's files whose text has all *words*."""
    for file in dict.fromkeys(project_files.files()):
        text = parsed_files.text(file)
        if not all(word in text for word in words):
            continue
        for function in nodes_of((ast.FunctionDef, ast.AsyncFunctionDef), parsed_files.tree(file)):
            if function.name not in CREATES:
                yield file, function


def changes_in(file: str, function: Def, steps: list[ast.stmt]) -> Iterator[StateChange]:
    """Yield the changes of attributes in *steps* of *function*."""
    for step in steps:
        for node in (step, *own_nodes(step)):
            for target, how, given in changes_by(node):
                if isinstance(target, ast.Attribute):
                    yield _change(file, function, target, how, given)


def changes_by(node: ast.AST) -> Iterator[tuple[ast.expr, str, ast.expr | None]]:
    """Yield what *node* itself changes, how, and what it assigns."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _assigned(target, value)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _assigned(target, value)
        case ast.AugAssign(target=target):
            yield _container(target), "changed", None
        case ast.Delete(targets=targets):
            for target in targets:
                yield _container(target), "removed", None
        case ast.Call(func=ast.Attribute(value=of, attr=method)):
            if method in ADDS:
                yield _container(of), "added", None
            elif method in REMOVES:
                yield _container(of), "removed", None


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, str, ast.expr | None]]:
    if isinstance(target, ast.Tuple | ast.List):
        values = value.elts if isinstance(value, ast.Tuple | ast.List) else []
        for number, one in enumerate(target.elts):
            given = values[number] if len(values) == len(target.elts) else None
            yield _container(one), "assigned", given
    elif isinstance(target, ast.Subscript):
        yield _container(target), "added", None
    else:
        yield target, "assigned", value


def _container(target: ast.expr) -> ast.expr:
    while isinstance(target, ast.Subscript):
        target = target.value
    return target


def _change(
    file: str, function: Def, target: ast.expr, how: str, given: ast.expr | None
) -> StateChange:
    kind = parsed_files.class_of(file, function)
    own = isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name)
    own = own and kind is not None and target.value.id in ("self", "cls")  # type: ignore[attr-defined]
    return StateChange(
        file=file,
        line=target.lineno,
        function=function,
        kind=kind.name if kind is not None else None,
        text=ast.unparse(target),
        own=own,
        how=how,
        given=given,
    )
