"""The line that passes an argument to a function whose own lines only know the parameter's name.

`@retry(on=TimeoutError)` decides what an `except on:` deep in the decorator catches.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from loopcheck.labels import Labels
from loopcheck.process.failure import Step
from loopcheck.records import Place
from loopcheck.source import bindings, calls, definitions, parsed_files
from loopcheck.source.bindings import Function
from loopcheck.source.modules import spaces
from loopcheck.source.nodes import spans_line

DEEPEST = 4  # functions that pass it on to each other


def place(name: str, step: Step, trace: Sequence[Step], labels: Labels) -> Place | None:
    """Return where the parameter *name* on the line of *step* got its value."""
    blocks = parsed_files.enclosing(step.frame.f_code.co_filename, step.line)
    owner = next((one for one in blocks if name in bindings.parameters(one)), None)
    if owner is None:
        return None
    given = list(_given(owner, name, owner.name))
    over = [(file, node) for file, call, node in given if _decorates(file, call, trace)]
    found = over or [(file, node) for file, _, node in given]
    if len(found) != 1:
        return None
    file, node = found[0]
    return Place(labels.file(file), node.lineno)


def to_maker(made: Place, words: Sequence[str], labels: Labels) -> Place | None:
    """Return where the line *made* of a function or `__init__` got its argument.

    *words* are names of parameters, the most likely first: "port", "url".
    """
    for file in [one.file for one in spaces() if one.file and labels.file(one.file) == made.file]:
        owner = next(iter(parsed_files.enclosing(file, made.line)), None)
        if owner is None:
            continue
        name = next((w for w in words for one in _on_line(owner, made.line) if one == w), None)
        called = _class_name(file, owner) if owner.name == "__init__" else owner.name
        given = list(_given(owner, name, called)) if name and called else []
        if len(given) == 1:
            [(there, _, node)] = given
            return Place(labels.file(there), node.lineno)
    return None


def maker(made: Place | None, labels: Labels, called: str | None = None) -> Place | None:
    """Return *made*; if it only stores an argument, the line that created that, None if unknown.

    `self.session = session` creates nothing: `Gateway(ClientSession())` does. *called* is the
    class of the object that stores it, which may inherit the line.
    """
    if made is None:
        return None
    files = [one.file for one in spaces() if one.file and labels.file(one.file) == made.file]
    for file in files[:1]:
        owner = next(iter(parsed_files.enclosing(file, made.line)), None)
        name = _kept_by(owner, made.line) if owner is not None else None
        if owner is None or name is None:
            return made
        return _made_by_callers(file, owner, name, labels, called)
    return made


def _kept_by(owner: Function, line: int) -> str | None:
    """Return the parameter of *owner* that an assignment on *line* only stores."""
    for node in ast.walk(owner):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.lineno == line:
            value = node.value
            if isinstance(value, ast.Name) and value.id in bindings.parameters(owner):
                return value.id
    return None


def _made_by_callers(
    file: str, owner: Function, name: str, labels: Labels, called: str | None = None, depth: int = 0
) -> Place | None:
    """Return the line that creates what the only call of *owner* passes for *name*."""
    kind = _class_name(file, owner) if owner.name == "__init__" else owner.name
    names = dict.fromkeys(one for one in (called, kind) if one)
    found = (made_by_call(name, _positions(owner, one), one, labels, depth) for one in names)
    return next(filter(None, found), None)


def made_by_call(
    name: str, positions: Sequence[str], called: str, labels: Labels, depth: int = 0
) -> Place | None:
    """Return the line that creates what the only call of *called* passes for *name*."""
    given = list(_passed(name, positions, called)) if depth < DEEPEST else []
    return _made_for(*given[0][::2], labels, depth) if len(given) == 1 else None


def _made_for(file: str, given: ast.expr, labels: Labels, depth: int) -> Place | None:
    """Return the line that creates *given*, an argument of a call in *file*."""
    if any(isinstance(node, ast.Call) for node in ast.walk(given)):
        return Place(labels.file(file), given.lineno)
    if not isinstance(given, ast.Name):
        return None
    owner = next(iter(parsed_files.enclosing(file, given.lineno)), None)
    if owner is not None and (line := parsed_files.assigned(owner, given.id)) is not None:
        return Place(labels.file(file), line)
    if owner is None or given.id not in bindings.parameters(owner):
        return None
    fixtures = list(_fixtures(given.id))
    if not fixtures:
        return _made_by_callers(file, owner, given.id, labels, depth=depth + 1)
    there, function = fixtures[0]
    line = parsed_files.made_in(function) if len(fixtures) == 1 else None
    return Place(labels.file(there), line) if line is not None else None


def _fixtures(name: str) -> Iterator[tuple[str, Function]]:
    """Yield the fixtures of this *name* in user modules."""
    for file in dict.fromkeys(one.file for one in spaces() if one.file is not None):
        tree = parsed_files.tree_with(file, name, called=True)
        for node in parsed_files.statements(tree) if tree is not None else ():
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if node.name == name and definitions.fixture(node):
                yield file, node


def _on_line(owner: Function, line: int) -> Iterator[str]:
    """Yield the parameters of *owner* that a call on *line* passes on."""
    known = bindings.parameters(owner)
    for node in ast.walk(owner):
        if isinstance(node, ast.Call) and spans_line(node, line):
            for value in (*node.args, *(one.value for one in node.keywords)):
                if isinstance(value, ast.Name) and value.id in known:
                    yield value.id


def _class_name(file: str, owner: Function) -> str | None:
    kind = parsed_files.class_of(file, owner)
    return kind.name if kind is not None else None


def _given(owner: Function, name: str, called: str) -> Iterator[tuple[str, ast.Call, ast.expr]]:
    """Yield the calls of *called* in user modules that pass *name*, each with the argument."""
    return _passed(name, _positions(owner, called), called)


def _positions(owner: Function, called: str) -> list[str]:
    names = [one.arg for one in (*owner.args.posonlyargs, *owner.args.args)]
    return names[1:] if called != owner.name else names  # creating an instance adds `self`


def _passed(
    name: str, positions: Sequence[str], called: str
) -> Iterator[tuple[str, ast.Call, ast.expr]]:
    for file in dict.fromkeys(one.file for one in spaces() if one.file is not None):
        tree = parsed_files.tree_with(file, called, called=True)
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.Call) and calls.last(node.func) == called:
                value = calls.by_parameter(node, positions).get(name)
                if value is not None:
                    yield file, node, value


def _decorates(file: str, call: ast.Call, trace: Sequence[Step]) -> bool:
    """Return whether *call* decorates a function that was running."""
    for step in trace:
        code = step.frame.f_code
        block = (
            parsed_files.function_at(file, code.co_firstlineno)
            if code.co_filename == file
            else None
        )
        if block is not None and call in block.decorator_list:
            return True
    return False
