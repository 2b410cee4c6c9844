"""An async generator that was left half-way: its pending clean-up, and the line that left it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache
from types import CodeType
from typing import Literal

from loopcheck.light import dataclass
from loopcheck.process.failure import Step
from loopcheck.process.waiting import wakers
from loopcheck.source import call_names, parsed_files, project_files
from loopcheck.source.calls import last
from loopcheck.source.nodes import (
    body_spans_line,
    has_node,
    mentioned,
    nodes_of,
    nodes_with_parents,
    spans_line,
)
from loopcheck.source.values import meaning

By = Literal["break", "return", "error", "anext", "closed"]
Function = ast.FunctionDef | ast.AsyncFunctionDef
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_TAKES = frozenset({"anext", "__anext__", "asend"})
_KEEPS = frozenset({"append", "add", "appendleft", "insert", "setdefault", "aiter", "isasyncgen"})
_IDLE = frozenset({"suppress", "nullcontext"})  # managers without a clean-up


@dataclass(frozen=True)
class Left:
    """The line to change, and how it leaves the generator."""

    file: str
    line: int
    function: str | None
    by: By
    parameter: str | None = None  # the parameter through which that function received it


@lru_cache(1024)
def cleans_up(code: CodeType, line: int) -> bool:
    """Return whether *code*, suspended at the `yield` of *line*, still has a clean-up to run."""
    block = parsed_files.function_of(code)
    for node, above in nodes_with_parents(block) if block is not None else ():
        if isinstance(node, ast.Yield) and spans_line(node, line):
            return any(map(_owes, above, [*above[1:], node]))
    return False


@lru_cache(1024)
def takes_back(code: CodeType, line: int) -> bool:
    """Return whether the clean-up of *code* is for the very object that its `yield` passes out."""
    block = parsed_files.function_of(code)
    for node, above in nodes_with_parents(block) if block is not None else ():
        if isinstance(node, ast.Yield) and spans_line(node, line):
            name = last(node.value)
            around = zip(above, [*above[1:], node], strict=True)
            return name is not None and any(_ends(*pair, name) for pair in around)
    return False


def _ends(block: ast.AST, inner: ast.AST, name: str) -> bool:
    """Return whether *block* uses *name* after its part *inner* has ended."""
    if not _owes(block, inner):
        return False
    if isinstance(block, ast.With | ast.AsyncWith):
        return any(last(item.optional_vars) == name for item in block.items)
    steps = block.finalbody if isinstance(block, ast.Try | ast.TryStar) else []
    return name in mentioned(*steps)


def _owes(block: ast.AST, inner: ast.AST) -> bool:
    """Return whether *block* has a clean-up after its part *inner*."""
    if isinstance(block, ast.With | ast.AsyncWith):
        return inner in block.body and not all(_idle(item.context_expr) for item in block.items)
    if not isinstance(block, ast.Try | ast.TryStar) or inner not in block.body:
        return False
    ends = (one for one in block.handlers if _catches_exit(one.type))
    todo = [*block.finalbody, *(step for one in ends for step in one.body)]
    return not all(isinstance(step, ast.Pass | ast.Raise) for step in todo)


def _idle(manager: ast.expr) -> bool:
    return isinstance(manager, ast.Call) and last(manager.func) in _IDLE


def _catches_exit(kind: ast.expr | None) -> bool:
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(one is None or last(one) in ("GeneratorExit", "BaseException") for one in kinds)


def left_by(dropped: tuple[CodeType, int], name: str) -> Left | None:
    """Return the `async for` over *name* that left it where *dropped* released it."""
    code, line = dropped
    if project_files.owner(code.co_filename) != "user":
        return None
    block = parsed_files.function_of(code)
    tree = block or (parsed_files.tree(code.co_filename) if code.co_name == "<module>" else None)
    found = None
    for node, _ in nodes_with_parents(tree) if tree is not None else ():
        if isinstance(node, ast.AsyncFor) and isinstance(node.iter, ast.Call):
            by: By | None = next((by for by, lines in _exits(node) if line in lines), None)
            if by is None and body_spans_line(node.body, line) and last(node.iter.func) == name:
                by = "error"  # nothing else releases it in the middle of its loop
            if by is not None:  # the innermost comes last
                found = Left(code.co_filename, node.lineno, code.co_name, by)
    return found


def iterated_call(file: str, line: int) -> str | None:
    """Return the call that the `async for` at *line* iterates, as it is written there."""
    for node in nodes_of(ast.AsyncFor, parsed_files.tree(file)):
        if node.lineno == line and isinstance(node.iter, ast.Call):
            return call_names.words(node.iter)
    return None


def iterates(step: Step, generator: object) -> bool:
    """Return whether *step* is in the body of an `async for` over a name that leads to it."""
    env = meaning.names_of(step.frame)
    for loop in parsed_files.standing_at(step.frame.f_code.co_filename, step.line):
        if isinstance(loop, ast.AsyncFor) and body_spans_line(loop.body, step.line):
            over = [meaning.of(one, env) for one in nodes_of((ast.Name, ast.Attribute), loop.iter)]
            if wakers.leads_to(filter(meaning.known, over), generator):
                return True
    return False


def _exits(loop: ast.AsyncFor) -> Iterator[tuple[By, set[int]]]:
    """Yield each exit from *loop* before its end, with the lines that may run on that exit."""
    body = ast.Module(body=[*loop.body], type_ignores=[])
    for node, above in nodes_with_parents(body):
        inner = any(isinstance(one, _LOOPS) for one in above)
        if isinstance(node, ast.Return) or (isinstance(node, ast.Break) and not inner):
            lines = set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
            for block in above:
                lines |= _way_out(block)
            yield "return" if isinstance(node, ast.Return) else "break", lines


def _way_out(block: ast.AST) -> set[int]:
    """Return the lines of *block* that run when the code leaves it."""
    if isinstance(block, ast.With | ast.AsyncWith):
        return set(range(block.lineno, block.body[0].lineno))
    steps = block.finalbody if isinstance(block, ast.Try | ast.TryStar) else []
    return {n for step in steps for n in range(step.lineno, (step.end_lineno or step.lineno) + 1)}


def by_helper(name: str, files: Iterable[str], dropped: tuple[CodeType, int]) -> Left | None:
    """Return the `async for` in a helper that leaves its parameter, which is a call of *name*.

    The line that *dropped* the generator calls both. Only one function may qualify, and it may do
    nothing else with the parameter.
    """
    file, line = dropped[0].co_filename, dropped[1]
    if project_files.owner(file) != "user":
        return None
    given = [
        (call, place)
        for call in parsed_files.nodes_at(file, line)
        if isinstance(call, ast.Call)
        for place, one in enumerate(call.args)
        if isinstance(one, ast.Call) and last(one.func) == name
    ]
    helper = last(given[0][0].func) if len(given) == 1 else None
    found = list(_defined(helper, files)) if helper is not None else []
    return _left_parameter(*found[0], *given[0]) if len(found) == 1 else None


def _defined(name: str, files: Iterable[str]) -> Iterator[tuple[str, Function, bool]]:
    """Yield each function of that *name*, its file, and whether it is a method."""
    for file in sorted(set(files)):
        tree = parsed_files.tree(file) if f"def {name}(" in parsed_files.text(file) else None
        for node, above in nodes_with_parents(tree, deep=True) if tree is not None else ():
            if isinstance(node, Function) and node.name == name:
                yield file, node, isinstance(above[-1], ast.ClassDef)


def _left_parameter(
    file: str, function: Function, method: bool, call: ast.Call, place: int
) -> Left | None:
    """Return where *function* leaves the argument that *call* passes at *place*."""
    name = _parameter(function, method, call, place)
    taken = [*_takers(function, name)] if name is not None else []
    if len(taken) != 1 or not isinstance(taken[0], ast.AsyncFor):
        return None
    by = next(by for by, _ in _exits(taken[0]))
    return Left(file, taken[0].lineno, function.name, by, name)


def _parameter(function: Function, method: bool, call: ast.Call, place: int) -> str | None:
    """Return the parameter of *function* that receives the argument at *place* of *call*."""
    names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    place += method and not any(last(one) == "staticmethod" for one in function.decorator_list)
    if place >= len(names) or any(isinstance(one, ast.Starred) for one in call.args):
        return None
    return names[place]


def by_closing(
    name: str, files: Iterable[str], test: str | None, dropped: tuple[CodeType, int]
) -> Left | None:
    """Return the `async for` over its parameter in a generator that receives a call of *name*.

    This applies if `aclosing` released it: it closed the outer generator, and not the inner one.
    Only one call may qualify: calls in other tests did not create this one.
    """
    code, _ = dropped
    if project_files.owner(code.co_filename) == "user" or code.co_qualname != "aclosing.__aexit__":
        return None
    files = sorted(set(files))
    given = []
    for _, node, above, function in _calls_of(name, files):
        if function is None or function.name == test or not _tests(function):
            given.append((node, above[-1]))
    if len(given) != 1 or not isinstance(call := given[0][1], ast.Call):
        return None
    found = list(_defined(last(call.func) or "", files))
    places = [place for place, one in enumerate(call.args) if one is given[0][0]]
    return _closed_in(*found[0], call, places[0]) if len(found) == 1 and places else None


def _closed_in(
    file: str, function: Function, method: bool, call: ast.Call, place: int
) -> Left | None:
    """Return where the generator *function* only iterates the argument at *place* of *call*."""
    name = _parameter(function, method, call, place)
    uses = [
        (node, above[-1])
        for node, above in nodes_with_parents(function, deep=True)
        if isinstance(node, ast.Name) and node.id == name
    ]
    loop = uses[0][1] if len(uses) == 1 else None
    if not isinstance(loop, ast.AsyncFor) or uses[0][0] is not loop.iter:
        return None
    if not has_node(ast.Yield, *loop.body):
        return None
    return Left(file, loop.lineno, function.name, "closed", name)


def by_hand(
    name: str, files: Iterable[str], test: str | None, dropped: tuple[CodeType, int] | None
) -> Left | None:
    """Return where the code calls *name* and takes its steps by hand, if no code closes it.

    Only one call may qualify: calls in other tests did not create this one. Of several it is the
    one on the line that *dropped* the generator, or in a function that this line calls.
    """
    found, here_dropped = [], []
    for file, node, above, function in _calls_of(name, files):
        if function is None or function.name in (test, name) or not _tests(function):
            here = function.name if function is not None else None
            found.append((here, _taken(file, node, above, function)))
            if dropped is not None and _stands_at(file, node, function, *dropped):
                here_dropped.append(found[-1])
    if len(found) > 1 and here_dropped:
        found = here_dropped
    elif len(found) > 1 and dropped is not None:
        called = _called_at(*dropped)
        found = [one for one in found if one[0] in called]
    return found[0][1] if len(found) == 1 else None


def _calls_of(
    name: str, files: Iterable[str]
) -> Iterator[tuple[str, ast.Call, tuple[ast.AST, ...], Function | None]]:
    """Yield each call of *name*, its file, its parents, and the function around it."""
    for file in sorted(set(files)):
        tree = parsed_files.tree_with(file, name, called=True)
        for node, above in nodes_with_parents(tree, deep=True) if tree is not None else ():
            if isinstance(node, ast.Call) and last(node.func) == name:
                function = next((one for one in reversed(above) if isinstance(one, Function)), None)
                yield file, node, above, function


def of_name(code: CodeType, name: str) -> Left | None:
    """Return where *code* assigns *name*, once, and steps through it half-way, if never closed."""
    block = parsed_files.function_of(code)
    if project_files.owner(code.co_filename) != "user" or block is None:
        return None
    given = [node for node, _ in nodes_with_parents(block) if _target(node) == name]
    taken = list(_takers(block, name))
    if len(given) != 1 or not taken or None in taken:
        return None
    return Left(code.co_filename, getattr(given[0], "lineno", 0), code.co_name, "anext")


def _stands_at(
    file: str, call: ast.Call, function: Function | None, code: CodeType, line: int
) -> bool:
    """Return whether *call* is at that *line* of *code*."""
    inside = function is not None and function.name == code.co_name and file == code.co_filename
    return inside and spans_line(call, line)


def _called_at(code: CodeType, line: int) -> set[str | None]:
    """Return the names of the functions that the line of *code* calls."""
    here = parsed_files.nodes_at(code.co_filename, line)
    return {last(one.func) for one in here if isinstance(one, ast.Call)}


def _tests(function: Function) -> bool:
    return function.name.startswith("test")


def _taken(
    file: str, call: ast.Call, above: tuple[ast.AST, ...], function: Function | None
) -> Left | None:
    name = function.name if function is not None else None
    parent = above[-1]
    if isinstance(parent, ast.Call) and last(parent.func) in _TAKES:
        return Left(file, call.lineno, name, "anext")
    if isinstance(parent, ast.Attribute) and parent.attr in _TAKES:
        return Left(file, call.lineno, name, "anext")
    target = _target(parent)
    if target is None:
        return None
    whole = next((one for one in reversed(above) if isinstance(one, ast.ClassDef)), above[0])
    here = whole if "." in target or function is None else function
    taken = list(_takers(here, target))
    if not taken or None in taken:
        return None
    loop = next((one for one in taken if isinstance(one, ast.AsyncFor)), None)
    if loop is not None:
        return Left(file, loop.lineno, name, next(by for by, _ in _exits(loop)))
    return Left(file, call.lineno, name, "anext")


def _target(parent: ast.AST) -> str | None:
    """Return the only name that is assigned the value."""
    targets = (
        parent.targets if isinstance(parent, ast.Assign) else [getattr(parent, "target", None)]
    )
    if len(targets) == 1 and isinstance(targets[0], ast.Name | ast.Attribute):
        return ast.unparse(targets[0])
    return None


def _takers(block: ast.AST, target: str) -> Iterator[ast.AST | None]:
    """Yield the nodes that take a step of *target*; None for one that may close or pass it on."""
    for node, above in nodes_with_parents(block, deep=True):
        if not isinstance(node, ast.Name | ast.Attribute) or ast.unparse(node) != target:
            continue
        parent = above[-1]
        if isinstance(node.ctx, ast.Store | ast.Del):
            continue
        if isinstance(parent, ast.AsyncFor) and node is parent.iter:
            if any(True for _ in _exits(parent)):
                yield parent
        elif isinstance(parent, ast.Attribute):
            yield parent if parent.attr in _TAKES else None
        elif isinstance(parent, ast.Call) and node in parent.args:
            if last(parent.func) in _TAKES:
                yield parent
            elif last(parent.func) not in _KEEPS:
                yield None
        else:
            yield None
