"""Plants async faults into Python text, one at a time: each as somebody would really make it.

A mutation is a small change of text at one place. It knows the lines that a helpful message about
the fault could name: the changed one and, where something is no longer closed, where it was made.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

CLOSERS = {"close", "aclose", "wait_closed", "disconnect", "shutdown", "cleanup", "stop"}
FIXTURES = {"pytest.fixture", "pytest_asyncio.fixture", "fixture"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Mutation:
    """A fault, and where it stands in the text with it."""

    kind: str
    line: int  # of the change
    places: tuple[int, ...]  # the lines that count as the planted one
    text: str  # the whole file with the fault
    was: str
    now: str


@dataclass(frozen=True)
class _Change:
    """A replacement of a part of the text, from the byte *start* to *end*."""

    start: int
    end: int
    now: str


class _Text:
    """The text of a file as bytes, as the offsets of a syntax tree count them."""

    def __init__(self, text: str) -> None:
        self.data = text.encode()
        self.tree = ast.parse(text)
        self.starts = [0]
        for line in self.data.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Return the first byte of a node, and the one after its last."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        first = self.starts[node.lineno - 1] + node.col_offset
        return first, self.starts[node.end_lineno - 1] + node.end_col_offset

    def of(self, node: ast.expr | ast.stmt) -> str:
        first, end = self.span(node)
        return self.data[first:end].decode()

    def replaced(self, *changes: _Change) -> str:
        data = self.data
        for one in sorted(changes, key=lambda change: change.start, reverse=True):
            data = data[: one.start] + one.now.encode() + data[one.end :]
        return data.decode()


def mutations(text: str, defined: Mapping[str, str]) -> Iterator[Mutation]:
    """Yield all mutations of a file, kind by kind.

    *defined* has the dotted names that modules of the project import, and where they come from.
    """
    source = _Text(text)
    for plant in (
        _dropped_awaits,
        _blocking_sleeps,
        _skipped_sleeps,
        _swapped_mocks,
        _widened_fixtures,
        _dropped_closes,
        _early_closes,
        _swallowed_cancellations,
    ):
        yield from plant(source)
    yield from _patches_where_defined(source, defined)


def imported_names(module: str, text: str) -> dict[str, str]:
    """Return what a module imports by name: the name in the module, and where it is defined."""
    return {
        f"{module}.{alias.asname or alias.name}": f"{node.module}.{alias.name}"
        for node in ast.parse(text).body
        if isinstance(node, ast.ImportFrom) and node.module and not node.level
        for alias in node.names
    }


def _one(
    source: _Text,
    kind: str,
    node: ast.expr | ast.stmt,
    now: str,
    *,
    places: tuple[int, ...] = (),
    also: tuple[_Change, ...] = (),
) -> Mutation:
    changed = source.replaced(_Change(*source.span(node), now), *also)
    return Mutation(kind, node.lineno, (node.lineno, *places), changed, source.of(node), now)


def _dropped_awaits(source: _Text) -> Iterator[Mutation]:
    for node in ast.walk(source.tree):
        # In brackets: the operand may be a call that goes over several lines.
        if isinstance(node, ast.Await) and isinstance(node.value, ast.Call):
            yield _one(source, "await dropped", node, source.of(node.value))


def _sleeps(source: _Text) -> Iterator[tuple[ast.Await, ast.expr]]:
    for node in ast.walk(source.tree):
        match node:
            case ast.Await(value=ast.Call(func=func, args=[time])) if ast.unparse(func) in (
                "asyncio.sleep",
                "anyio.sleep",
            ) and not (isinstance(time, ast.Constant) and time.value == 0):
                yield node, time


def _blocking_sleeps(source: _Text) -> Iterator[Mutation]:
    imports = [node for node in source.tree.body if isinstance(node, ast.Import)]
    if not imports:
        return
    # On the line of another import: no line moves.
    end = source.span(imports[0])[1]
    also = _Change(end, end, "; import time")
    for node, time in _sleeps(source):
        now = f"time.sleep({source.of(time)})"
        yield _one(source, "sleep that blocks", node, now, also=(also,))


def _skipped_sleeps(source: _Text) -> Iterator[Mutation]:
    for _, time in _sleeps(source):
        yield _one(source, "sleep too short", time, "0")


def _swapped_mocks(source: _Text) -> Iterator[Mutation]:
    other = {"AsyncMock": "MagicMock", "MagicMock": "AsyncMock", "Mock": "AsyncMock"}
    imports = [
        node
        for node in source.tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "unittest.mock"
    ]
    for node in ast.walk(source.tree):
        also: tuple[_Change, ...] = ()
        if isinstance(node, ast.Name) and imports:
            name = node.id
            first = imports[0].names[0]
            start = source.starts[first.lineno - 1] + first.col_offset
            also = (_Change(start, start, f"{other.get(name)}, "),)
        elif isinstance(node, ast.Attribute):
            name = node.attr
        else:
            continue
        if name in other:
            now = source.of(node).removesuffix(name) + other[name]
            yield _one(source, f"{other[name]} for {name}", node, now, also=also)


def _widened_fixtures(source: _Text) -> Iterator[Mutation]:
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.AsyncFunctionDef):
            continue
        for mark in node.decorator_list:
            call = mark if isinstance(mark, ast.Call) else None
            if ast.unparse(call.func if call else mark) not in FIXTURES:
                continue
            keywords = call.keywords if call else []
            if (call and call.args) or any(word.arg == "scope" for word in keywords):
                continue
            said = [f"{word.arg}={source.of(word.value)}" for word in keywords]
            said.append('scope="module"')
            head = source.of(call.func if call else mark)
            now = f"{head}({', '.join(said)})"
            yield _one(source, "fixture widened", mark, now, places=(node.lineno,))


def _closes(source: _Text) -> Iterator[tuple[list[ast.stmt], int, str]]:
    """Yield each statement that closes a thing: its block, its index there, the thing."""
    for node in ast.walk(source.tree):
        for _, block in ast.iter_fields(node):
            if not isinstance(block, list):
                continue
            for index, statement in enumerate(block):
                if not isinstance(statement, ast.Expr):
                    continue
                call = statement.value
                call = call.value if isinstance(call, ast.Await) else call
                match call:
                    case ast.Call(func=ast.Attribute(value=thing, attr=name), args=[]) if (
                        name in CLOSERS
                    ):
                        yield block, index, ast.unparse(thing)


def _dropped_closes(source: _Text) -> Iterator[Mutation]:
    for block, index, thing in _closes(source):
        closer = block[index]
        places = _makers(source, thing, closer.lineno)
        yield _one(source, "close dropped", closer, "pass", places=places)


def _makers(source: _Text, thing: str, line: int) -> tuple[int, ...]:
    """Return the lines that give *thing* its value: in the same function, or as an attribute."""
    found = []
    inside = _around(source.tree, line)
    for node in ast.walk(source.tree):
        match node:
            case ast.Assign(targets=targets):
                names = [ast.unparse(one) for target in targets for one in _parts(target)]
            case ast.AnnAssign(target=target) | ast.NamedExpr(target=target):
                names = [ast.unparse(target)]
            case _:
                continue
        here = inside is None or inside.lineno <= node.lineno <= (inside.end_lineno or 0)
        if thing in names and (here or "." in thing):
            found.append(node.lineno)
    return tuple(found)


def _parts(target: ast.expr) -> list[ast.expr]:
    return list(target.elts) if isinstance(target, ast.Tuple | ast.List) else [target]


def _around(tree: ast.Module, line: int) -> Function | None:
    """Return the innermost function around a line."""
    found = None
    for node in ast.walk(tree):
        if isinstance(node, Function) and node.lineno <= line <= (node.end_lineno or 0):
            found = node
    return found


def _early_closes(source: _Text) -> Iterator[Mutation]:
    """Move a close before the statement ahead of it, if that uses the thing."""
    for block, index, thing in _closes(source):
        if index == 0:
            continue
        before, closer = block[index - 1], block[index]
        uses = any(
            ast.unparse(node) == thing and isinstance(getattr(node, "ctx", None), ast.Load)
            for node in ast.walk(before)
            if isinstance(node, ast.Name | ast.Attribute)
        )
        if not uses or isinstance(before, Function | ast.ClassDef):
            continue
        changes = (
            _Change(*source.span(before), source.of(closer)),
            _Change(*source.span(closer), source.of(before)),
        )
        # The close is ahead now; what follows it has its old text, if it is one line.
        yield Mutation(
            kind="closed early",
            line=before.lineno,
            places=(before.lineno,),
            text=source.replaced(*changes),
            was=f"{source.of(before)}; {source.of(closer)}",
            now=f"{source.of(closer)}; {source.of(before)}",
        )


def _swallowed_cancellations(source: _Text) -> Iterator[Mutation]:
    kind = "cancellation swallowed"
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Try):
            continue
        waits = any(isinstance(one, ast.Await) for each in node.body for one in ast.walk(each))
        for handler in node.handlers:
            if handler.type is None or not waits:
                continue
            caught, last = ast.unparse(handler.type), handler.body[-1]
            places = (handler.lineno,)
            if caught == "Exception":
                yield _one(source, kind, handler.type, "BaseException", places=places)
            elif "CancelledError" in caught and isinstance(last, ast.Raise) and last.exc is None:
                yield _one(source, kind, last, "pass", places=places)


def _patches_where_defined(source: _Text, defined: Mapping[str, str]) -> Iterator[Mutation]:
    """Yield patches of the module of the definition: the name that the code uses stays."""
    for node in ast.walk(source.tree):
        match node:
            case ast.Call(func=func, args=[ast.Constant(value=str(dotted)) as target, *_]) if (
                ast.unparse(func).endswith(("patch", "setattr")) and dotted in defined
            ):
                now = repr(defined[dotted])
                yield _one(source, "patched where defined", target, now)
