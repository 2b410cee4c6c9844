"""Coroutines that a function returns unawaited, and that a line of its caller drops."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from types import CodeType

from loopcheck.light import dataclass
from loopcheck.source import calls, parsed_files
from loopcheck.source.calls import Call, last
from loopcheck.source.nodes import own_nodes, results_of

_DEFS = (ast.FunctionDef, ast.AsyncFunctionDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def by_awaited(name: str, line: tuple[str, int], files: Iterable[str]) -> list[Call]:
    """Return the calls of *name* that the awaited code at *line* returns instead of awaiting."""
    search = _Search(name, sorted(set(files)))
    waits = [one for one in parsed_files.standing_at(*line) if isinstance(one, ast.Await)]
    nodes = [node for one in waits for node in ast.walk(one.value)]
    found = [call for node in nodes if isinstance(node, ast.Call) for call in search.back(node)]
    return list(dict.fromkeys(found))


def hands_back(call: Call) -> bool:
    """Return whether the function around *call* only returns its result: its caller has that."""
    around = parsed_files.enclosing(call.file, call.line)[:1]
    if any(isinstance(one, ast.AsyncFunctionDef) and one.name == "__aexit__" for one in around):
        return False  # `async with` calls it, and only asks whether the result is true
    return call.returned or any(_gives(one, call) for one in around if isinstance(one, _DEFS))


def of_async(call: Call) -> bool:
    """Return whether the `async def` around *call* returns its result: what awaits that has it."""
    around = parsed_files.enclosing(call.file, call.line)[:1]
    return any(_gives(one, call) for one in around if isinstance(one, ast.AsyncFunctionDef))


def _gives(function: Function, call: Call) -> bool:
    """Return whether *function* itself returns *call*, and no lambda in it."""
    return any(
        isinstance(one, ast.Call) and (one.lineno, last(one.func) or "") == (call.line, call.name)
        for one in _returns(function)
    )


def anywhere(name: str, files: Iterable[str]) -> bool:
    """Return whether an `async def` of *files* returns a call of *name*: its caller has it then."""
    for one in calls.calls(files, name):
        around = parsed_files.enclosing(one.file, one.line)[:1] if one.returned else []
        if around and isinstance(around[0], ast.AsyncFunctionDef):
            return True
    return False


def by_decorator(code: CodeType, files: Iterable[str]) -> list[Call]:
    """Return the calls that a decorator of the function of *code* returns instead of awaiting.

    No other code calls the decorated function. If some caller awaits twice, that is the convention
    here, and another caller forgot the second `await`.
    """
    block = parsed_files.function_of(code)
    if block is None or not block.decorator_list:
        return []
    found = list(dict.fromkeys(_Search(code.co_name, sorted(set(files))).decorated(block)))
    return [] if found and _awaited_twice(code.co_name, files) else found


def _awaited_twice(name: str, files: Iterable[str]) -> bool:
    trees = (parsed_files.tree_with(file, name) for file in set(files))
    for node in (node for tree in trees if tree is not None for node in ast.walk(tree)):
        match node:
            case ast.Await(value=ast.Await(value=ast.Call(func=called))) if last(called) == name:
                return True
    return False


def by_called(name: str, bare: Iterable[Call], files: Iterable[str]) -> list[Call]:
    """Return those of the *bare* calls whose plain function just returns a call of *name*."""
    search = _Search(name, sorted(set(files)))
    return [one for one in bare if any(search.plainly(one.name))]


@dataclass()
class _Search:
    """One search for the returns that pass on a coroutine of *name*."""

    name: str
    files: Sequence[str]
    seen: set[str] = field(default_factory=set)

    def back(self, call: ast.Call) -> Iterator[Call]:
        """Yield the calls of the name, or of an argument of *call*, that its function returns."""
        function = last(call.func)
        given = any(_mentions(one, self.name) for one in _arguments(call))
        if function is None or function in self.seen:
            return
        self.seen.add(function)
        for file, one in self._defined(function):
            names = {self.name, *(_parameters(one) if given else ())}
            yield from self._returned(file, one, names)
            if function == self.name:
                yield from self.decorated(one)

    def plainly(self, function: str) -> Iterator[bool]:
        if function in self.seen:
            return
        self.seen.add(function)
        for _, one in self._defined(function):
            for value in _returns(one) if isinstance(one, ast.FunctionDef) else ():
                if isinstance(value, ast.Call) and (called := last(value.func)) is not None:
                    yield from [True] if called == self.name else self.plainly(called)

    def _defined(self, name: str) -> Iterator[tuple[str, Function]]:
        for file in self.files:
            tree = parsed_files.tree(file) if f"def {name}(" in parsed_files.text(file) else None
            for node in ast.walk(tree) if tree is not None else ():
                if isinstance(node, _DEFS) and node.name == name:
                    yield file, node

    def _returned(self, file: str, function: Function, names: set[str]) -> Iterator[Call]:
        waits = isinstance(function, ast.AsyncFunctionDef)
        for value in _returns(function):
            called = value.value if waits and isinstance(value, ast.Await) else value
            if not isinstance(called, ast.Call):
                continue
            if waits and called is value and last(called.func) in names:
                yield _call(file, called, function)
            elif called is not value or not waits:
                yield from self.back(called)

    def decorated(self, function: Function) -> Iterator[Call]:
        """Yield where a decorator of *function* returns a call of its argument."""
        for one in function.decorator_list:
            name = last(one.func if isinstance(one, ast.Call) else one)
            for file, decorator in self._defined(name) if name else ():
                inner = [node for node in ast.walk(decorator) if isinstance(node, _DEFS)]
                given = {part for node in inner for part in _parameters(node)}
                for node in inner:
                    if isinstance(node, ast.AsyncFunctionDef):
                        yield from self._returned(file, node, given - _parameters(node))


def _returns(function: Function) -> Iterator[ast.expr]:
    """Yield what *function* itself returns, not what nested functions do."""
    for value in results_of(function, (ast.Return,)):
        given = _given(function, value.id) if isinstance(value, ast.Name) else None
        yield given or value


def _given(function: Function, name: str) -> ast.expr | None:
    """Return the only value of *name* in *function*, if the name is used only in a `return`.

    A name that is used before may be awaited there: `if isawaitable(found): found = await found`.
    """
    uses = [one for one in ast.walk(function) if isinstance(one, ast.Name) and one.id == name]
    own = [*own_nodes(function)]
    gives = [one for one in own if isinstance(one, ast.Assign) and one.targets[0] in uses]
    returned = [one for one in own if isinstance(one, ast.Return) and one.value in uses]
    if len(gives) == 1 and len(uses) == len(returned) + 1 and name not in _parameters(function):
        return gives[0].value
    return None


def _parameters(function: Function) -> set[str]:
    given = function.args
    return {one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)}


def _arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _mentions(value: ast.expr, name: str) -> bool:
    return any(last(node) == name for node in ast.walk(value))


def _call(file: str, node: ast.Call, function: Function) -> Call:
    end, name = node.end_lineno or node.lineno, last(node.func) or ""
    return Call(file, node.lineno, end, name, function.name, returned=True)
