"""The edits of LC608: await Django's async method, outside of a transaction."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def

MARK, PLAIN, WIDE = "django_db", "db", "transactional_db"


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the async method in its place, or the fixture that opens no transaction."""
    how, method, fixture = finding.remedy
    source, line = sources.at(finding.where)
    if how == "refused":
        if not method or fixture or finding.subject is None:
            raise NoSplice("no async method has the name of the plain one")
        changes = [*_awaited(source, line, finding.subject.name, method), *_marked(source, line)]
        yield Edits(changes=tuple(changes), safe=True, words=f"await `{method}`")
        return
    if fixture:
        changes = list(_requests_wide(source, line))
        yield Edits(changes=tuple(changes), safe=True, words=f"request `{WIDE}`")
        return
    changes = list(_marked(source, line))
    if not changes:
        raise NoSplice("no mark of the test is there")
    yield Edits(changes=tuple(changes), safe=True, words="set `transaction=True`")


def _awaited(source: Source, line: int, name: str, method: str) -> Iterator[Edit]:
    for call in source.calls_at(line):
        if isinstance(call.func, ast.Attribute) and source.text_of(call.func) == name:
            yield source.replace(call.func, f"{source.text_of(call.func.value)}.{method}")
            yield from source.await_value(call)
            return
    raise NoSplice("the call is not on that line")


def _marked(source: Source, line: int) -> Iterator[Edit]:
    """Yield the change of the mark of the test around *line*, if the test has one."""
    for block in source.nodes():
        if not isinstance(block, Def) or block.end_lineno is None:
            continue
        first = min([block.lineno, *(one.lineno for one in block.decorator_list)])
        for one in block.decorator_list if first <= line <= block.end_lineno else ():
            called = one.func if isinstance(one, ast.Call) else one
            if not isinstance(called, ast.Attribute) or called.attr != MARK:
                continue
            if isinstance(one, ast.Call):
                yield source.set_keyword(one, "transaction", "True")
            else:
                yield source.put_after(one, "(transaction=True)")
            return


def _requests_wide(source: Source, line: int) -> Iterator[Edit]:
    block = source.statement_at(line)
    if not isinstance(block, Def):
        raise NoSplice("no fixture is there")
    names = (one for one in source.nodes() if isinstance(one, ast.Name) and one.id == PLAIN)
    if any(block.lineno <= one.lineno <= (block.end_lineno or 0) for one in names):
        raise NoSplice(f"the fixture uses the value of `{PLAIN}`")
    for one in block.args.args:
        if one.arg == PLAIN:
            yield source.replace(one, WIDE)
            return
    raise NoSplice(f"it does not request `{PLAIN}` itself")
