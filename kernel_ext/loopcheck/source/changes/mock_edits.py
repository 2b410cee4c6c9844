"""Changes of the lines that make mocks: another class, or a child that is set explicitly."""

from __future__ import annotations

import ast

from loopcheck.records import Edit
from loopcheck.source.assignments import assignments_of
from loopcheck.source.changes.source_text import NoSplice, called_name, dotted
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def

KINDS = ("AsyncMock", "MagicMock", "Mock", "NonCallableMock", "NonCallableMagicMock")
MAKERS = (*KINDS, "create_autospec", "patch", "object", "spec")
SETTINGS = ("return_value", "side_effect")

Mended = tuple[list[Edit], str]  # and what they do, in words


def make_kind(source: Source, line: int, what: str, path: str, kind: str) -> Mended:
    """Return the changes that make the mock itself, its child, or rows of it, of this *kind*."""
    article = "an" if kind.startswith("A") else "a"
    if what == "itself":
        return replace_kind(source, line, kind), f"use {article} `{kind}`"
    if what == "rows":
        rows = make_rows(source, line, path, child=kind == "MagicMock")
        return rows, f"let `async for` iterate over what `{path}` returns"
    return set_child(source, line, path, kind), f"make `{path}` {article} `{kind}`"


def set_child(source: Source, line: int, path: str, kind: str) -> list[Edit]:
    """Return the changes that make `mock.path` a mock of this *kind*, right where its mock is made.

    What later lines set on it stays; what the mock's own call says of it moves.
    """
    try:
        root, made, place = _made_at(source, line)
    except NoSplice:
        return _set_in_call(source, line, path, kind)
    own = (root or "").partition(".")[2]  # of `store.pipeline = MagicMock()`
    if own and path == own:
        return replace_kind(source, line, kind)
    path = path.removeprefix(f"{own}.") if own else path
    call = made if isinstance(made, ast.Call) else None
    name, imports = _named(source, call, kind)
    given, dropped = _settings_of(source, call, path)
    setting = f"{root or NAMELESS}.{path} = {name}({given})"
    return [*dropped, *place(setting), *imports]


def _set_in_call(source: Source, line: int, path: str, kind: str) -> list[Edit]:
    """Return the changes of a mock without a name: its own call sets the child."""
    calls = [one for one in source.calls_at(line) if called_name(one) in KINDS]
    if len(calls) != 1:
        raise NoSplice("no mock with a name is made at that line")
    [call] = calls
    match source.parents(call)[0]:
        case ast.keyword(arg="return_value"):  # of a patch, which has the name
            path = path.removeprefix("return_value.")
    name, imports = _named(source, call, kind)
    given, dropped = _settings_of(source, call, path)
    if call.args or (call.keywords and not dropped):
        raise NoSplice("its call sets more than the child")
    new = f"{name}({given})"
    said = f"{path}={new}" if path.isidentifier() else f'**{{"{path}": {new}}}'
    return [source.replace(call, f"{source.text_of(call.func)}({said})"), *imports]


NAMELESS = "mock"  # what a fixture returns without a name


def replace_kind(source: Source, line: int, kind: str) -> list[Edit]:
    """Return the changes that make what a line creates a mock of another *kind*."""
    statement = source.statement_at(line)
    found = [
        node
        for node in source.nodes_at(line)
        if isinstance(node, ast.Name | ast.Attribute) and _last(node) in KINDS
    ]
    inside = [one for one in found if source.statement_of(one) is statement or _heads(source, one)]
    if len(inside) != 1:
        raise NoSplice("no mock, or several, are made at that line")
    [one] = inside
    name, imports = _spelt(source, dotted(one), kind)
    return [source.replace(one, name), *imports]


def make_rows(source: Source, line: int, path: str, *, child: bool) -> list[Edit]:
    """Return the changes that let `async for` iterate over what `mock.path()` returns."""
    root, made, place = _made_at(source, line)
    if root is None:
        raise NoSplice("the mock has no name")
    name, imports = _named(source, made if isinstance(made, ast.Call) else None, "MagicMock")
    target = f"{root}.{path}.return_value"
    new = f"{target}.__aiter__.return_value"
    rows = [
        one.targets[0]
        for one in source.nodes()
        if isinstance(one, ast.Assign) and source.text_of(one.targets[0]) in (target, new)
    ]
    if len(rows) != 1:
        raise NoSplice("the rows are set elsewhere")
    setting = f"{root}.{path} = {name}()" if child else f"{target} = {name}()"
    return [*place(setting), source.replace(rows[0], new), *imports]


def make_plain(source: Source, line: int) -> list[Edit]:
    """Return the change of an `async def` fake into a plain one, if it awaits nothing."""
    function = source.statement_at(line)
    if not isinstance(function, ast.AsyncFunctionDef):
        raise NoSplice("no async function at that line")
    waits = (ast.Await, ast.AsyncFor, ast.AsyncWith)
    found = (one for one in source.nodes() if isinstance(one, waits))
    if any(source.function_of(one) is function for one in found):
        raise NoSplice("it awaits")
    start = source.span(function)[0]
    head = source.lines[start[0] - 1][start[1] :]
    width = len(head) - len(head.removeprefix("async").lstrip())
    return [source.edit(start, (start[0], start[1] + width), "")]


def yield_items(source: Source, line: int) -> list[Edit]:
    """Return the change of an `async def` fake that returns a list into one that yields it."""
    function = source.statement_at(line)
    if not isinstance(function, ast.AsyncFunctionDef):
        raise NoSplice("no async function at that line")
    returned, value = source.only_return(function)
    inner = source.indentation(returned) + source.step
    said = f"for item in {source.text_of(value)}:\n{inner}yield item"
    return [source.replace(returned, said)]


def set_on_entered(source: Source, line: int, path: str) -> list[Edit]:
    """Return the changes that set on what `async with mock()` gives what was set on its call."""
    root, _, _ = _made_at(source, line)
    before = ".".join(one for one in (root, path, "return_value") if one)
    edits: list[Edit] = []
    for node in source.nodes():
        if isinstance(node, ast.Attribute) and source.text_of(node) == before:
            around = source.parents(node)[0]
            if isinstance(around, ast.Attribute) and not around.attr.startswith("__a"):
                edits.append(source.put_after(node, ".__aenter__.return_value"))
    return edits


def make_fake_async(source: Source, line: int) -> list[Edit]:
    """Return the changes of a plain function, or of a lambda, that replaces an async one."""
    statement = source.statement_at(line)
    if isinstance(statement, Def):
        return source.make_async(statement)
    lambdas = [one for one in source.nodes_at(line) if isinstance(one, ast.Lambda)]
    if len(lambdas) != 1:
        raise NoSplice("no function at that line")
    name, imports = _spelt(source, "", "AsyncMock")
    [one] = lambdas
    changes = [source.put_before(one, f"{name}(side_effect="), source.put_after(one, ")")]
    return [*changes, *imports]


def _last(node: ast.AST) -> str:
    return dotted(node).rpartition(".")[2]


def _heads(source: Source, node: ast.AST) -> bool:
    """True if *node* is in a decorator: the statement around it is a function."""
    return isinstance(source.statement_of(node), Def)


class _Place:
    """Where a line about a mock goes: below the statement, or into the block that names it."""

    def __init__(self, source: Source, statement: ast.stmt, root: str | None, call: ast.expr):
        self.source, self.statement, self.root, self.call = source, statement, root, call

    def __call__(self, setting: str) -> list[Edit]:
        source, statement = self.source, self.statement
        if isinstance(statement, ast.Return):
            lines = f"{NAMELESS} = {source.text_of(self.call)}", setting
            indent = source.indentation(statement)
            text = "".join(f"{one}\n{indent}" for one in lines)
            return [source.edit(*source.span(statement), f"{text}return {NAMELESS}")]
        if isinstance(statement, ast.With | ast.AsyncWith):
            return [source.insert_before(statement.body[0], setting)]
        return [source.insert_after(statement, setting)]


def _made_at(source: Source, line: int) -> tuple[str | None, ast.expr, _Place]:
    """Return the name of the mock made at *line*, what makes it, and where to say more."""
    statement = source.statement_at(line)
    if isinstance(statement, ast.With | ast.AsyncWith):
        for item in statement.items:
            if isinstance(item.optional_vars, ast.Name):
                root = item.optional_vars.id
                return root, item.context_expr, _Place(source, statement, root, item.context_expr)
    if isinstance(statement, ast.Return) and statement.value is not None:
        if not _makes(statement.value):
            raise NoSplice("no mock is made at that line")
        return None, statement.value, _Place(source, statement, None, statement.value)
    given = [(one.target, one.value) for one in assignments_of(statement) if one.how == "assigned"]
    for target, value in given:
        if _makes(value):
            root = source.text_of(target)
            return root, value, _Place(source, statement, root, value)
    raise NoSplice("no mock with a name is made at that line")


def _makes(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and called_name(value) in (*MAKERS, "start")


def _named(source: Source, call: ast.Call | None, kind: str) -> tuple[str, list[Edit]]:
    """Return how the file writes *kind*, and the import that this needs."""
    return _spelt(source, dotted(call.func) if call is not None else "", kind)


def _spelt(source: Source, like: str, kind: str) -> tuple[str, list[Edit]]:
    before, _, last = like.rpartition(".")
    if before and last in KINDS:
        return f"{before}.{kind}", []
    known = source.imported("unittest.mock", kind)
    if known:
        return known, []
    for module in ("unittest.mock", "unittest"):
        name = source.imported(module) if module == "unittest.mock" else None
        if name:
            return f"{name}.{kind}", []
    return kind, source.add_import("unittest.mock", kind)


def _settings_of(source: Source, call: ast.Call | None, path: str) -> tuple[str, list[Edit]]:
    """Return what the mock's call sets for the child, and the changes that take it out."""
    words, edits = [], []
    for keyword in call.keywords if call is not None else ():
        if keyword.arg is not None or not isinstance(keyword.value, ast.Dict):
            continue
        pairs = list(zip(keyword.value.keys, keyword.value.values, strict=True))
        names = [str(key.value) if isinstance(key, ast.Constant) else "" for key, _ in pairs]
        mine = [
            (name.rpartition(".")[2], value)
            for name, (_, value) in zip(names, pairs, strict=True)
            if name.rpartition(".")[0] == path and name.rpartition(".")[2] in SETTINGS
        ]
        words += [f"{name}={source.text_of(value)}" for name, value in mine]
        if mine and len(mine) == len(pairs) and call is not None:
            edits.append(source.drop_argument(call, keyword))
    return ", ".join(words), edits
