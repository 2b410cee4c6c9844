"""The object on the failing line that the clean-up of a dropped generator has closed."""

from __future__ import annotations

import ast
import re
from types import CodeType, FrameType
from typing import Any

from loopcheck.labels import Labels
from loopcheck.process import objects, parameters
from loopcheck.process.pending import abandoned_generators
from loopcheck.records import LeftGenerator, Place
from loopcheck.runner import fixtures
from loopcheck.source import failing_line, lines, parsed_files, user_code
from loopcheck.source.assignments import assignments_in
from loopcheck.source.nodes import nodes_of

CLOSED = re.compile(r"\bclosed\b", re.IGNORECASE)
LAST = 50  # user frames, in case of a recursion


def says_closed(error: BaseException) -> bool:
    """Return whether *error* is about something that is closed."""
    args = objects.args_of(error)
    return any(type(one) is str and CLOSED.search(one) is not None for one in args)


def used(
    left: LeftGenerator, code: CodeType, error: BaseException, item: Any, labels: Labels
) -> str | None:
    """Return the name in the failing lines for the object that *left* yields and cleans up.

    The line that took the only step assigned that name, or is in the fixture that passes it on.
    """
    taken = left.left_at
    if (
        taken is None
        or left.by != "anext"
        or not abandoned_generators.takes_back(code, left.place.line)
    ):
        return None
    for one in failing_line.users_of(failing_line.trace_of(error))[-LAST:]:
        frame = one.tb_frame
        name = _given(taken, frame, labels) or _of_fixture(taken, frame, item, labels)
        step = lines.of_trace(one).simple if name is not None else None
        if step is not None and name in _said(step):
            return name
    return None


def _given(taken: Place, frame: FrameType, labels: Labels) -> str | None:
    """Return the name that the step at *taken* is assigned to, if *frame* uses that variable."""
    file = frame.f_code.co_filename
    if labels.file(file) != taken.file:
        return None
    name = _target(lines.Line(file, taken.line).simple)
    same = frame.f_code.co_name == taken.name
    return name if name is not None and (same or name.startswith("self.")) else None


def _target(step: ast.stmt | None) -> str | None:
    match step:
        case ast.Assign(targets=[ast.Name() | ast.Attribute() as target], value=ast.Await()):
            return ast.unparse(target)
    return None


def _of_fixture(taken: Place, frame: FrameType, item: Any, labels: Labels) -> str | None:
    """Return the name of the fixture that passes on the step at *taken*, if *frame* receives it."""
    name, code = taken.name or "", frame.f_code
    definition = fixtures.definitions(item).get(name)
    if definition is None or name not in parameters.positional(code):
        return None
    made_in = user_code.fixture(definition)
    if made_in is None or labels.file(made_in.co_filename) != taken.file:
        return None
    block = parsed_files.function_of(made_in)
    handed = block is not None and _hands_on(block, taken.line)
    return name if handed else None


def _hands_on(block: ast.AST, taken: int) -> bool:
    """Return whether *block* returns or yields unchanged what its line *taken* awaits."""
    waits = (one for one in assignments_in(block) if isinstance(one.value, ast.Await))
    given = {ast.unparse(one.target) for one in waits if one.line == taken}
    for node in nodes_of((ast.Return, ast.Yield), block):
        match node:
            case ast.Return(value=ast.Await() as value) if value.lineno == taken:
                return True
            case ast.Return(value=ast.Name(id=name)) | ast.Yield(value=ast.Name(id=name)):
                if name in given:
                    return True
    return False


def _said(step: ast.stmt) -> set[str]:
    return {ast.unparse(one) for one in nodes_of((ast.Name, ast.Attribute), step)}
