"""The edits of LC607: the query loads what is read later, or a commit keeps it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, called_name
from loopcheck.source.changes.splices import Source

MAKERS = ("async_sessionmaker", "AsyncSession", "sessionmaker")


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the option of the query or of the session."""
    if finding.remedy == ("keep",):
        calls = [one for name in MAKERS for one in _calls(sources, name)]
        if len(calls) != 1:
            raise NoSplice("sessions are made in several places")
        [(source, call)] = calls
        change = source.set_keyword(call, "expire_on_commit", "False")
        yield Edits(changes=(change,), safe=True, words="set `expire_on_commit=False`")
        return
    if finding.remedy == ("async side",):
        changes = _on_async_side(*sources.at(finding.where))
        yield Edits(changes=tuple(changes), safe=True, words="use the async side")
        return
    if finding.remedy[0] == "columns":
        change = _loaded_with_base(sources, finding.remedy[1])
        words = "load its columns with the base"
        yield Edits(changes=(change,), safe=True, words=words)
        return
    _, loader, name = finding.remedy
    changes = _loaded_early(sources, loader, name)
    yield Edits(changes=tuple(changes), safe=True, words=f"load `{name}` in the query")


def _on_async_side(source: Source, line: int) -> list[Edit]:
    """Return the changes of `with engine.sync_engine.connect()` into its async counterpart."""
    block = source.statement_at(line)
    if not isinstance(block, ast.With) or len(block.items) != 1:
        raise NoSplice("no block enters the connection there")
    if not isinstance(source.function_of(block), ast.AsyncFunctionDef):
        raise NoSplice("plain code can't enter it")
    match block.items[0]:
        case ast.withitem(
            ast.Call(func=ast.Attribute(value=ast.Attribute(attr="sync_engine") as sync)),
            ast.Name(id=name),
        ):
            engine = source.replace(sync, source.text_of(sync.value))
        case _:
            raise NoSplice("no connection of `sync_engine` has a name there")
    changes = [source.put_before(block, "async "), engine]
    for node in source.nodes():
        if isinstance(node, ast.Call) and block in source.parents(node):
            owner = node.func.value if isinstance(node.func, ast.Attribute) else None
            if isinstance(owner, ast.Name) and owner.id == name:
                changes += source.await_value(node)
    return changes


def _loaded_with_base(sources: Sources, model: str) -> Edit:
    """Return the change that lets a query for the base load the columns of *model*, too."""
    for source in sources.naming(f"class {model}"):
        for block in source.nodes():
            if not isinstance(block, ast.ClassDef) or block.name != model:
                continue
            for one in block.body:
                match one:
                    case ast.Assign(
                        targets=[ast.Name(id="__mapper_args__")], value=ast.Dict(keys=[*_, last])
                    ) if last is not None:
                        value = one.value.values[-1]  # type: ignore[attr-defined]
                        return source.put_after(value, ', "polymorphic_load": "selectin"')
    raise NoSplice(f"`{model}` has no `__mapper_args__`")


def _calls(sources: Sources, name: str) -> Iterator[tuple[Source, ast.Call]]:
    for source in sources.naming(name):
        for node in source.nodes():
            if isinstance(node, ast.Call) and called_name(node) == name:
                yield source, node


def _loaded_early(sources: Sources, loader: str, name: str) -> list[Edit]:
    model = name.rpartition(".")[0]
    found = [
        (source, call)
        for word in ("select", "get")
        for source, call in _calls(sources, word)
        if call.args and source.text_of(call.args[0]) == model
    ]
    if len(found) != 1:
        raise NoSplice(f"`{model}` is loaded in several places")
    [(source, call)] = found
    option = f"{loader}({name})"
    imports = source.add_import("sqlalchemy.orm", loader)
    if called_name(call) == "get":
        return [source.set_keyword(call, "options", f"[{option}]"), *imports]
    return [source.put_after(call, f".options({option})"), *imports]
