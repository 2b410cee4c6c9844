"""The managers that a `with` enters, and whether a user's manager drops a cancellation on exit."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from loopcheck.light import dataclass
from loopcheck.source import parsed_files, project_files
from loopcheck.source.calls import last
from loopcheck.source.nodes import head_spans_line

DEEPEST = 5  # classes above a class
Function = ast.FunctionDef | ast.AsyncFunctionDef
Catches = Callable[[ast.expr, str], bool]  # whether an expression, in a file, names a cancellation
_BLOCKS = (ast.Try, ast.TryStar, ast.With, ast.AsyncWith, ast.For, ast.AsyncFor, ast.While)
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@dataclass(frozen=True)
class Exit:
    """A manager's exit method, and whether it drops a cancellation: None if unknown."""

    file: str
    name: str  # "__aexit__"
    drops: bool | None
    line: int  # the line that shows it


def of(block: ast.With | ast.AsyncWith, filename: str, catches: Catches) -> Iterator[Exit]:
    """Yield the exits of user classes among the managers of *block*, innermost first."""
    name = "__aexit__" if isinstance(block, ast.AsyncWith) else "__exit__"
    for item in reversed(block.items):
        call = item.context_expr
        kind = last(call.func) if isinstance(call, ast.Call) else None
        found = _method(kind, name, filename) if kind is not None else None
        if found is not None:
            file, function = found
            drops, line = _Reading(file, _parameters(function), catches).of(function.body)
            yield Exit(file, name, drops, line or function.lineno)


def find_managers(filename: str, line: int) -> list[str]:
    """Return the managers of the `with` at *line* as the code writes them, without arguments."""
    blocks = (
        node
        for node in parsed_files.standing_at(filename, line)
        if isinstance(node, ast.With | ast.AsyncWith)
    )
    block = next((one for one in blocks if head_spans_line(one, line)), None)
    return [_shown(item.context_expr) for item in block.items] if block is not None else []


def _shown(manager: ast.expr) -> str:
    return f"{ast.unparse(manager.func)}()" if isinstance(manager, ast.Call) else "a manager"


def _method(kind: str, name: str, filename: str, depth: int = 0) -> tuple[str, Function] | None:
    """Return the method of the class called *kind*, or of its nearest base with one."""
    found = _class(kind, filename)
    if found is None or depth > DEEPEST:
        return None
    file, node = found
    for one in node.body:
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name == name:
            return file, one
    above = (_method(last(base) or "", name, file, depth + 1) for base in node.bases)
    return next(filter(None, above), None)


def _class(kind: str, filename: str) -> tuple[str, ast.ClassDef] | None:
    """Return the class of that name in *filename*, else the only one in user files."""
    for files in ([filename], project_files.files()):
        named = [file for file in files if f"class {kind}" in parsed_files.text(file)]
        found = [(file, node) for file in named for node in _classes(file, kind)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _classes(file: str, kind: str) -> Iterator[ast.ClassDef]:
    tree = parsed_files.tree(file)
    for node in parsed_files.statements(tree) if tree is not None else ():
        if isinstance(node, ast.ClassDef) and node.name == kind:
            yield node


def _parameters(function: Function) -> list[str]:
    """Return the parameters for the error's class, the error and its traceback."""
    given = [one.arg for one in (*function.args.posonlyargs, *function.args.args)][1:]
    return given if len(given) == 3 else []


@dataclass(frozen=True)
class _Reading:
    """The body of an exit, read for the case that a CancelledError ends the block."""

    file: str
    given: list[str]
    catches: Catches

    def of(self, steps: list[ast.stmt]) -> tuple[bool | None, int | None]:
        """Return what *steps* return, and where: (False, None) if they run to their end."""
        for step in steps:
            if isinstance(step, ast.Return):
                return self.truth(step.value), step.lineno
            if isinstance(step, ast.If) and (holds := self.truth(step.test)) is not None:
                said, line = self.of(step.body if holds else step.orelse)
                if line is not None:
                    return said, line
            elif isinstance(step, ast.Raise):
                return None if step.exc else False, step.lineno
            elif isinstance(step, (ast.If, ast.Match, *_BLOCKS)) and _leaves(step):
                return None, step.lineno
        return False, None

    def truth(self, value: ast.expr | None) -> bool | None:
        """Return whether *value* is true for a CancelledError, None if that is unknown."""
        match value:
            case None:
                return False
            case ast.Constant(value=constant):
                return bool(constant)
            case ast.Name(id=name):
                return True if name in self.given else None
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                said = self.truth(operand)
                return None if said is None else not said
            case ast.BoolOp(op=op, values=values):
                return _together(op, [self.truth(one) for one in values])
            case ast.Call(func=ast.Name(id="bool"), args=[one]):
                return self.truth(one)
            case ast.Call(func=ast.Name(id="issubclass" | "isinstance"), args=[one, kinds]):
                asked = self._of_error(one) and not _of_object(kinds)
                return self.catches(kinds, self.file) if asked else None
            case ast.Compare(left=left, ops=[op], comparators=[other]) if self._of_error(left):
                return self._compared(op, other)
        return None

    def _of_error(self, value: ast.expr) -> bool:
        return isinstance(value, ast.Name) and value.id in self.given

    def _compared(self, op: ast.cmpop, other: ast.expr) -> bool | None:
        nothing = isinstance(other, ast.Constant) and other.value is None
        if not nothing and last(other) != "CancelledError":
            return None
        if isinstance(op, ast.Is | ast.Eq):
            return not nothing
        return nothing if isinstance(op, ast.IsNot | ast.NotEq) else None


def _of_object(kinds: ast.expr) -> bool:
    """Return whether *kinds* belong to the manager: `self.kinds`."""
    return any(isinstance(one, ast.Name) and one.id == "self" for one in ast.walk(kinds))


def _together(op: ast.boolop, said: list[bool | None]) -> bool | None:
    ends = isinstance(op, ast.Or)  # a true part decides an `or`, a false part an `and`
    if ends in said:
        return ends
    return None if None in said else not ends


def _leaves(step: ast.AST) -> bool:
    """Return whether something in *step* returns or raises."""
    if isinstance(step, ast.Return | ast.Raise):
        return True
    return any(_leaves(one) for one in ast.iter_child_nodes(step) if not isinstance(one, _INNER))
