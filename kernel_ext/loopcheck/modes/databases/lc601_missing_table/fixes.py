"""The edits of LC601: the schema is created where the test looks for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, called_name
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def

HOPS = 3  # fixtures from the one that fails to the one that creates the engine


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the transaction, the pool or the file that keeps the schema."""
    source, line = sources.at(finding.where)
    match finding.remedy:
        case "create", model, file:
            changes, words = _created(source, line, model, file, sources), "create the schema"
        case ("commit",):
            changes, words = _committed(source, line), "create the schema in `engine.begin()`"
        case ("one connection",):
            changes, words = _one_connection(source, line), "keep one connection: `StaticPool`"
        case ("file",):
            changes, words = _in_a_file(source, line), "use a file that all connections share"
        case _:
            changes, words = _through_run_sync(source, line), "create it through `run_sync`"
    yield Edits(changes=tuple(changes), safe=True, words=words)


def _committed(source: Source, line: int) -> list[Edit]:
    for node in source.nodes_at(line)[::-1]:
        if isinstance(node, ast.AsyncWith):
            call = node.items[0].context_expr
            if isinstance(call, ast.Call) and called_name(call) == "connect":
                function = source.text_of(call.func).removesuffix("connect")
                return [source.replace(call.func, f"{function}begin")]
    raise NoSplice("no `connect()` around that line")


def _one_connection(source: Source, line: int) -> list[Edit]:
    statement = source.statement_at(line)
    inside = {statement, *(one for one in source.nodes() if statement in source.parents(one))}
    calls = [one for one in inside if isinstance(one, ast.Call)]
    engines = [one for one in calls if called_name(one) == "create_async_engine"]
    if len(engines) != 1:
        raise NoSplice("no engine, or several, are created there")
    change = source.set_keyword(engines[0], "poolclass", "StaticPool")
    return [change, *source.add_import("sqlalchemy.pool", "StaticPool")]


def _in_a_file(source: Source, line: int) -> list[Edit]:
    for node in source.nodes_at(line):
        if isinstance(node, ast.Constant) and node.value == ":memory:":
            function = source.function_of(node)
            if isinstance(function, Def):
                change = source.replace(node, 'str(tmp_path / "test.db")')
                return [change, *source.add_parameter(function, "tmp_path")]
    raise NoSplice("the address is set elsewhere")


def _through_run_sync(source: Source, line: int) -> list[Edit]:
    statement = source.statement_at(line)
    match statement:
        case ast.Expr(value=ast.Call(func=function, args=[engine])):
            if isinstance(source.function_of(statement), ast.AsyncFunctionDef):
                indent = source.indentation(statement) + source.step
                head = f"async with {source.text_of(engine)}.begin() as connection:"
                body = f"await connection.run_sync({source.text_of(function)})"
                return [source.replace(statement, f"{head}\n{indent}{body}")]
    raise NoSplice("no async code creates the schema there")


def _created(source: Source, line: int, model: str, file: str, sources: Sources) -> list[Edit]:
    """Return the changes that create the tables of *model*, declared in *file*, in a fixture."""
    there, made = _engine_of(source, source.statement_at(line), sources)
    name, changes = _metadata(there, model, sources.open(file), sources)
    lines = f"async with {there.text_of(made.targets[0])}.begin() as connection:"
    body = f"{there.step}await connection.run_sync({name}.create_all)"
    return [there.insert_after(made, lines, body), *changes]


def _engine_of(
    source: Source, fixture: ast.stmt, sources: Sources, hops: int = HOPS
) -> tuple[Source, ast.Assign]:
    """Return the line that creates the engine, in the fixture at hand or in one that it uses."""
    if not isinstance(fixture, Def):
        raise NoSplice("no fixture creates the engine")
    for one in fixture.body if isinstance(fixture, ast.AsyncFunctionDef) else ():
        match one:
            case ast.Assign(targets=[ast.Name()], value=ast.Call() as call):
                if called_name(call) == "create_async_engine":
                    return source, one
    for name in [one.arg for one in fixture.args.args] if hops else []:
        for other in sources.naming(f"def {name}"):
            for function in other.functions(name):
                if other.decorator(function, "fixture"):
                    with suppress(NoSplice):
                        return _engine_of(other, function, sources, hops - 1)
    raise NoSplice("the engine is created elsewhere")


def _metadata(
    source: Source, model: str, declared: Source, sources: Sources
) -> tuple[str, list[Edit]]:
    """Return how a file names the metadata of *model*, and the import that it needs for it."""
    blocks = [one for one in declared.tree.body if isinstance(one, ast.ClassDef)]
    block = next((one for one in blocks if one.name == model), None)
    if block is None:
        raise NoSplice("the model is declared in a function")
    base = block.bases[0] if len(block.bases) == 1 else None
    name = base.id if isinstance(base, ast.Name) else model
    if source.file == declared.file:
        return f"{name}.metadata", []
    module = _module_of(declared, sources)
    if (known := source.imported(module)) is not None:
        return f"{known}.{name}.metadata", []
    if (known := source.imported(module, name)) is not None:
        return f"{known}.metadata", []
    if source.free_name(name) != name:
        raise NoSplice(f"the file has another `{name}`")
    return f"{name}.metadata", source.add_import(module, name, own=True)


def _module_of(declared: Source, sources: Sources) -> str:
    """Return the name by which the project imports a file."""
    parts = declared.file.removesuffix(".py").removesuffix("/__init__").split("/")
    for first in range(len(parts)):
        module = ".".join(parts[first:])
        for other in sources.naming(parts[-1]):
            for node in other.tree.body:
                match node:
                    case ast.ImportFrom(module=name, level=0) if name == module:
                        return module
                    case ast.Import(names=names) if any(one.name == module for one in names):
                        return module
    raise NoSplice("no file imports the module of the model")
