"""The line that passes an argument to a function whose own lines only know the parameter's name.

`@retry(on=TimeoutError)` decides what an `except on:` deep in the decorator catches.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from loopcheck.labels import Labels
from loopcheck.process.failure import Step
from loopcheck.records import Place
from loopcheck.source import bindings, calls, parsed_files
from loopcheck.source.bindings import Function
from loopcheck.source.modules import spaces
from loopcheck.source.nodes import spans_line


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


def maker(made: Place | None, labels: Labels) -> Place | None:
    """Return *made*; if it only stores an argument, the line that created that, None if unknown.

    `self.session = session` creates nothing: `Gateway(ClientSession())` does.
    """
    if made is None:
        return None
    files = [one.file for one in spaces() if one.file and labels.file(one.file) == made.file]
    for file in files[:1]:
        owner = next(iter(parsed_files.enclosing(file, made.line)), None)
        name = _kept_by(owner, made.line) if owner is not None else None
        if owner is None or name is None:
            return made
        called = _class_name(file, owner) if owner.name == "__init__" else owner.name
        given = list(_given(owner, name, called)) if called else []
        return _made_for(*given[0][::2], labels) if len(given) == 1 else None
    return made


def _kept_by(owner: Function, line: int) -> str | None:
    """Return the parameter of *owner* that an assignment on *line* only stores."""
    for node in ast.walk(owner):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.lineno == line:
            value = node.value
            if isinstance(value, ast.Name) and value.id in bindings.parameters(owner):
                return value.id
    return None


def _made_for(file: str, given: ast.expr, labels: Labels) -> Place | None:
    """Return the line that creates *given*, an argument of a call in *file*."""
    line: int | None = given.lineno
    if isinstance(given, ast.Name):
        owner = next(iter(parsed_files.enclosing(file, given.lineno)), None)
        line = parsed_files.assigned(owner, given.id) if owner is not None else None
    elif not any(isinstance(node, ast.Call) for node in ast.walk(given)):
        line = None
    return Place(labels.file(file), line) if line is not None else None


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
    names = [one.arg for one in (*owner.args.posonlyargs, *owner.args.args)]
    names = names[1:] if called != owner.name else names  # creating an instance adds `self`
    at = names.index(name) if name in names else len(names)
    for file in dict.fromkeys(one.file for one in spaces() if one.file is not None):
        tree = parsed_files.tree(file)
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.Call) and calls.last(node.func) == called:
                said = [one.value for one in node.keywords if one.arg == name]
                for value in said or node.args[at : at + 1]:
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
