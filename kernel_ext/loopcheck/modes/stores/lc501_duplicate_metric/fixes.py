"""The edits of LC501: the metric is created once, at the top of its module; one import name."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import names_in


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the module's own metric, or the one name of the module."""
    source, line = sources.at(finding.where)
    what, *more = finding.remedy
    if what == "one name":
        change = _imported_as(source, line, *more)
        yield Edits(changes=(change,), safe=True, words=f"import it as `{change.text.strip()}`")
        return
    changes = _created_once(source, line, more[0])
    yield Edits(changes=tuple(changes), safe=True, words=f"create `{more[0]}` once")


def _imported_as(source: Source, line: int, wrong: str, right: str) -> Edit:
    """Return the change of an import at *line*, by which a file has a second module name."""

    def respelt(name: str) -> str:
        if wrong.endswith(f".{right}"):
            return name.removeprefix(wrong.removesuffix(right))
        return f"{right.removesuffix(wrong)}{name}"

    if not (wrong.endswith(f".{right}") or right.endswith(f".{wrong}")):
        raise NoSplice("neither name is the end of the other")
    for node in source.nodes_at(line):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            start, end = source.span(node)[0], source.span(node.names[0])[0]
            return source.edit(start, end, f"from {respelt(node.module)} import ")
        if isinstance(node, ast.Constant) and node.value == wrong:
            quote = source.text_of(node)[0]
            return source.replace(node, f"{quote}{right}{quote}")
    raise NoSplice("no import of it at that line")


def _created_once(source: Source, line: int, name: str) -> list[Edit]:
    """Return the changes that create the metric above the function that created it anew."""
    statement = source.statement_at(line)
    value = getattr(statement, "value", None)
    function = source.function_of(statement)
    if not isinstance(value, ast.Call) or not isinstance(function, Def):
        raise NoSplice("no statement in a function creates it")
    if names_in(value) - _names_of_module(source):
        raise NoSplice("what creates it uses the function's own names")
    constant = source.free_name(name.upper())
    if not constant.isidentifier():
        raise NoSplice("the metric's name is no name in Python")
    top = next(one for one in (function, *source.parents(function)) if one in source.tree.body)
    if not isinstance(top, ast.stmt):
        raise NoSplice("no definition of the module creates it")
    made = f"{constant} = {source.text_of(value)}"
    return [source.insert_before(top, made, "", ""), source.replace(value, constant)]


def _names_of_module(source: Source) -> set[str]:
    """Return the names that the module has above its functions: what it imports and assigns."""
    names = set(dir(builtins))
    for node in source.tree.body:
        match node:
            case ast.Import(names=imported) | ast.ImportFrom(names=imported):
                names |= {(one.asname or one.name).partition(".")[0] for one in imported}
            case ast.Assign(targets=targets):
                names |= names_in(*targets)
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                names.add(name)
    return names
