"""The one way from a frame to its source: the statement, the expression, the function.

A line may hold several statements, and a statement several lines. The columns of the instruction
show which one a frame is at; without them we use the line alone, as far as it goes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import CodeType, FrameType, TracebackType

from loopcheck.light import dataclass
from loopcheck.process.frames import line_at
from loopcheck.source import parsed_files

LATEST = 256  # lines
Statement = ast.expr | ast.With | ast.For


@dataclass(frozen=True)
class Line:
    """A line of a file, and the instruction's position in it."""

    file: str
    number: int
    spot: parsed_files.Spot = parsed_files.UNKNOWN

    @property
    def statement(self) -> ast.stmt | None:
        """The innermost statement that runs here. Of a block only the head does."""
        return _read(self, parsed_files.text(self.file))[0]

    @property
    def simple(self) -> ast.stmt | None:
        """The statement, if it contains no others."""
        found = self.statement
        return None if hasattr(found, "body") else found

    @property
    def node(self) -> ast.stmt | ast.expr | None:
        """Exactly the node of the instruction, if Python and the text agree."""
        return _read(self, parsed_files.text(self.file))[1]

    @property
    def expression(self) -> ast.expr | None:
        """The same, if it is an expression."""
        found = self.node
        return found if isinstance(found, ast.expr) else None

    @property
    def call(self) -> Statement | None:
        """The call that runs, or what else does: a call into C has no frame of its own."""
        line, end_line, start, stop = self.spot
        if line is None or end_line is None or start is None or stop is None:
            return None
        ends = [
            node
            for node in parsed_files.standing_at(self.file, end_line)
            if isinstance(node, Statement)
            and (node.end_lineno, node.end_col_offset) == (end_line, stop)
        ]
        exact = [one for one in ends if (one.lineno, one.col_offset) == (line, start)]
        # A method's name may be on a later line than the start of its call: then only the ends
        # agree.
        upper = [one for one in ends if (one.lineno, one.col_offset) <= (line, start)]
        calls = [one for one in upper if isinstance(one, ast.Call)]
        return next(iter(exact or calls), None)

    @property
    def dropped(self) -> ast.Call | None:
        """The call that is the whole statement: the line drops its result."""
        found = self.statement
        call = found.value if isinstance(found, ast.Expr) else None
        return call if isinstance(call, ast.Call) else None

    def heads(self) -> list[ast.AST]:
        """Return the parts of the statement that run with it: not the body of a block."""
        found = self.statement
        if found is None:
            return []
        if not hasattr(found, "body"):
            return [found]
        parts = ast.iter_child_nodes(found)
        return [one for one in parts if isinstance(one, ast.expr | ast.withitem)]

    def nodes(self) -> Iterator[ast.AST]:
        """Yield all nodes of these parts."""
        for part in self.heads():
            yield from ast.walk(part)


@parsed_files.kept(LATEST)
def _read(line: Line, _text: str) -> tuple[ast.stmt | None, ast.stmt | ast.expr | None]:
    """Return the statement at *line*, and the exact node of its instruction."""
    statement: ast.stmt | None = None
    exact: ast.stmt | ast.expr | None = None
    for node in parsed_files.standing_at(line.file, line.number, line.spot[0] or line.number):
        if not isinstance(node, ast.stmt | ast.expr):
            continue
        here = node.lineno, node.end_lineno, node.col_offset, node.end_col_offset
        if here == line.spot and (exact is None or isinstance(node, ast.expr)):
            exact = node
        if (
            isinstance(node, ast.stmt)
            and _runs(node, line)
            and (statement is None or _first(node) >= _first(statement))
        ):
            statement = node
    return statement, exact


def _runs(node: ast.stmt, line: Line) -> bool:
    """Return whether *node* itself runs: it is not just around it, nor later on the same line."""
    body, first = getattr(node, "body", None), _first(node)
    last = max(body[0].lineno, node.lineno + 1) - 1 if body else node.end_lineno or node.lineno
    begins = line.spot[0] is None or first <= (line.spot[0], line.spot[2] or 0)
    return first[0] <= line.number <= last and begins


def _first(node: ast.stmt) -> tuple[int, int]:
    """Return where *node* begins: a function and a class at their first decorator."""
    above = [(one.lineno, one.col_offset) for one in getattr(node, "decorator_list", ())]
    return min([(node.lineno, node.col_offset), *above])


def of_code(code: CodeType, number: int, instruction: int = -1) -> Line:
    """Return where *code* is at a line, and at an *instruction* if that is known."""
    return Line(code.co_filename, number, parsed_files.spot(code, instruction))


def of_frame(frame: FrameType) -> Line:
    """Return where *frame* is now."""
    return of_code(frame.f_code, line_at(frame), frame.f_lasti)


def of_trace(trace: TracebackType) -> Line:
    """Return where the frame of one entry of a traceback failed."""
    return of_code(trace.tb_frame.f_code, trace.tb_lineno, trace.tb_lasti)
