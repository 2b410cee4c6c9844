"""How near a line is to the failing ones: in their functions, their fixtures, their files."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from loopcheck.labels import Labels
from loopcheck.light import dataclass, replace
from loopcheck.process.failure import Step
from loopcheck.records import Place
from loopcheck.runner import fixture_tables, fixtures
from loopcheck.source import parsed_files, user_code

WITHIN = 2  # the rank of a text in a function or fixture of the failing lines


@dataclass(frozen=True)
class Near:
    """The user functions that led to the failure, nearest first."""

    lines: frozenset[tuple[str, int]]  # the failing lines
    functions: tuple[tuple[str, ast.AST], ...]
    fixtures: tuple[tuple[str, ast.AST], ...]
    files: frozenset[str]
    names: frozenset[str]  # names that these mention
    built: tuple[tuple[str, ast.AST, str | int], ...] = ()  # fixtures that return a text, a port
    makers: tuple[tuple[str, ast.AST], ...] = ()  # the call that created the client

    def has(self, file: str) -> bool:
        """Return whether anything in *file* may be as near as `WITHIN`."""
        return file in self.files or any(file == known for known, _ in self.lines)

    def rank(self, file: str, node: ast.AST, given_to: str | None) -> int:
        line: int = node.lineno  # type: ignore[attr-defined]
        if _within(file, line, self.makers):
            return -1  # if a test also has it, it may be for a fake
        if (file, line) in self.lines:
            return 0
        if _within(file, line, self.functions):
            return 1
        if _within(file, line, self.fixtures):
            return WITHIN
        if given_to in self.names:
            return 3
        return 4 if file in self.files else 5


def _within(file: str, line: int, blocks: Sequence[tuple[str, ast.AST]]) -> bool:
    return any(
        file == known and _first(block) <= line <= (block.end_lineno or 0)  # type: ignore[attr-defined]
        for known, block in blocks
    )


def _first(block: ast.AST) -> int:
    line: int = block.lineno  # type: ignore[attr-defined]
    decorators: list[ast.expr] = getattr(block, "decorator_list", [])
    return min([line, *(one.lineno for one in decorators)])


def read(steps: Sequence[Step], item: Any) -> Near:
    """Return what is near the user's frames *steps*, innermost first."""
    functions: list[tuple[str, ast.AST]] = []
    for step in steps:
        code = step.frame.f_code
        around = parsed_files.enclosing(code.co_filename, step.line)
        functions += [(code.co_filename, one) for one in around[:1]]
    test = user_code.test(item)
    own = parsed_files.function_of(test) if test is not None else None
    if test is not None and own is not None:
        functions.append((test.co_filename, own))  # an error in a task has no frame of the test
    given: list[tuple[str, ast.AST]] = []
    built: list[tuple[str, ast.AST, str | int]] = []
    for definition in fixtures.definitions(item).values() if item is not None else ():
        if (own_code := fixtures.users_code(definition)) is None:
            continue
        file, first = own_code.co_filename, own_code.co_firstlineno
        if (function := parsed_files.function_at(file, first)) is not None:
            given.append((file, function))
            value = fixture_tables.value_of(definition)
            if type(value) is str or type(value) is int:
                built.append((file, function, value))
    mentioned = {
        one.id if isinstance(one, ast.Name) else one.attr
        for _, block in (*functions, *given)
        for one in ast.walk(block)
        if isinstance(one, ast.Name | ast.Attribute)
    }
    return Near(
        lines=frozenset((step.frame.f_code.co_filename, step.line) for step in steps),
        functions=tuple(functions),
        fixtures=tuple(given),
        files=frozenset(file for file, _ in (*functions, *given)),
        names=frozenset(mentioned),
        built=tuple(built),
    )


def with_maker(around: Near, made_at: Place | None, labels: Labels) -> Near:
    """Return *around* with the calls that begin on the line that created the client."""
    if made_at is None:
        return around
    makers = [
        (file, node)
        for file in around.files
        if labels.file(file) == made_at.file
        for node in parsed_files.standing_at(file, made_at.line)
        if isinstance(node, ast.Call) and node.lineno == made_at.line
    ]
    return replace(around, makers=tuple(makers))
