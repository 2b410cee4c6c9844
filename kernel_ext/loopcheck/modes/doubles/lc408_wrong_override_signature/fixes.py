"""The edits of LC408: an override that FastAPI can call."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.calls import last
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, called_name
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import names_in

PARAMETERS = re.compile(r"\([^()]*\)")
MOCKS = ("AsyncMock", "MagicMock", "Mock")


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the override without parameters, or the inner function."""
    how, gives = finding.remedy
    source, line = sources.at(finding.where)
    key = finding.subject.name if finding.subject is not None else ""
    value = _override(source, line, key)
    change = _without_parameters(source, value) if how == "parameters" else None
    if change is not None:
        yield Edits(changes=(change,), safe=True, words=f"drop the parameters of `{change.text}`")
        return
    change = _callable(source, value, how, gives)
    yield Edits(changes=(change,), safe=True, words=f"override it with `{change.text}`")


def _override(source: Source, line: int, key: str) -> ast.expr:
    """Return the expression that stands for the dependency *key*."""
    statement = source.statement_at(line)
    if isinstance(statement, ast.Assign) and not isinstance(statement.value, ast.Dict):
        return statement.value
    entries: list[tuple[ast.expr | None, ast.expr]] = []
    for one in source.nodes_at(line):
        match one:
            case ast.Dict(keys=keys, values=values):
                entries += zip(keys, values, strict=True)
            case ast.Call(args=[owner, named, value]) if _is_table(owner):  # of `setitem`
                entries.append((named, value))
    mine = [value for named, value in entries if named is not None and last(named) == key]
    found = mine if len(entries) > 1 else [value for _, value in entries]
    if len(found) != 1:
        raise NoSplice("no override, or several, at that line")
    return found[0]


def _is_table(owner: ast.expr) -> bool:
    return isinstance(owner, ast.Attribute) and owner.attr == "dependency_overrides"


def _callable(source: Source, value: ast.expr, how: str, gives: str) -> Edit:
    if how == "maker" and gives:
        return source.replace(value, f"lambda: {gives}")
    if how == "context" and isinstance(value, ast.Call) and len(value.args) == 1:
        return source.replace(value, source.text_of(value.args[0]))
    if how in ("generator", "coroutine", "factory") and isinstance(value, ast.Lambda):
        inner = value.body
        if isinstance(inner, ast.Call) and not inner.args and not inner.keywords:
            return source.replace(value, source.text_of(inner.func))
        if isinstance(inner, ast.Lambda):
            return source.replace(value, source.text_of(inner))
    if how == "factory" and isinstance(value, ast.Name) and _defined(source, value.id):
        return source.replace(value, f"{value.id}()")
    if how == "parameters":
        return source.replace(value, f"lambda: {_given(source, value, gives)}")
    raise NoSplice("the override is made elsewhere")


def _defined(source: Source, name: str) -> Def | None:
    found = source.functions(name)
    return found[0] if len(found) == 1 else None


def _without_parameters(source: Source, value: ast.expr) -> Edit | None:
    """Return the change of a function's head, if its body reads none of its parameters."""
    function = _defined(source, value.id) if isinstance(value, ast.Name) else None
    if (
        function is None
        or source.decorator(function, "fixture")
        or source.class_of(function) is not None
    ):
        return None
    spec = function.args
    every = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs]
    names = {one.arg for one in (*every, spec.vararg, spec.kwarg) if one is not None}
    line, column = source.name_place(function)
    head = PARAMETERS.match(source.lines[line - 1], column + len(function.name))
    if head is None or names & names_in(*function.body):
        return None
    return source.edit((line, column), (line, head.end()), f"{function.name}()")


def _given(source: Source, value: ast.expr, gives: str) -> str:
    """Return what the override would return, without its parameters."""
    if isinstance(value, ast.Name | ast.Attribute) and gives in ("itself", "return_value"):
        return source.text_of(value) + (".return_value" if gives == "return_value" else "")
    if isinstance(value, ast.Call) and called_name(value) in MOCKS:
        for keyword in value.keywords:
            if keyword.arg == "return_value":
                return source.text_of(keyword.value)
    if isinstance(value, ast.Name):
        classes = [one for one in source.tree.body if isinstance(one, ast.ClassDef)]
        if any(one.name == value.id and not _needs(one) for one in classes):
            return f"{value.id}()"
    raise NoSplice("what it returns depends on its parameters")


def _needs(block: ast.ClassDef) -> bool:
    """True if objects of a class can't be made without arguments."""
    made = [one for one in block.body if isinstance(one, Def) and one.name == "__init__"]
    return any(len(one.args.args) - 1 > len(one.args.defaults) for one in made)
