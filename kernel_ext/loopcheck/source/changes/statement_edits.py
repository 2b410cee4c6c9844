"""Changes of whole lines: statements that are added, removed, moved, or put into a block."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from loopcheck.records import Edit
from loopcheck.source.changes.source_text import NoSplice, SourceText
from loopcheck.source.definitions import Def, Kinds, first_line


class StatementEdits(SourceText):
    """A source text whose statements can be changed."""

    def insert_before(self, statement: ast.stmt, *lines: str) -> Edit:
        """Return the change that puts *lines* above *statement* and its decorators."""
        indent = self.indentation(statement)
        line = first_line(statement) if isinstance(statement, Kinds) else statement.lineno
        return self.edit((line, 0), (line, 0), "".join(f"{indent}{one}\n" for one in lines))

    def insert_after(self, statement: ast.stmt, *lines: str) -> Edit:
        """Return the change that puts *lines* below *statement*, at its indentation."""
        indent = self.indentation(statement)
        return self._insert_below(statement.end_lineno or statement.lineno, indent, lines)

    def insert_first(self, function: Def | ast.ClassDef, *lines: str) -> Edit:
        """Return the change that puts *lines* at the start of a body, below its docstring."""
        has_words = len(function.body) > 1 and ast.get_docstring(function) is not None
        return self.insert_before(function.body[1 if has_words else 0], *lines)

    def _insert_below(self, line: int, indent: str, lines: Sequence[str]) -> Edit:
        text = "".join(f"{indent}{one}\n" for one in lines)
        if line >= len(self.lines) and not self.lines[-1].endswith(("\n", "\r")):
            end = len(self.lines), len(self.lines[-1])
            return self.edit(end, end, f"\n{text}"[:-1])
        return self.edit((line + 1, 0), (line + 1, 0), text)

    def remove(self, statement: ast.stmt) -> Edit:
        """Return the change that drops the lines of *statement*."""
        self.indentation(statement)
        around = self.parents(statement)[0]
        blocks = (getattr(around, name, None) for name in ("body", "orelse", "finalbody"))
        if any(block == [statement] for block in blocks):
            return self.replace(statement, "pass")
        first = first_line(statement) if isinstance(statement, Kinds) else statement.lineno
        last_line = statement.end_lineno or statement.lineno
        rest = self.lines[last_line - 1][self.span(statement)[1][1] :].strip()
        if rest and not rest.startswith("#"):
            raise NoSplice("another statement is on the same line")
        return self.edit((first, 0), (last_line + 1, 0), "")

    def move(
        self, statements: Sequence[ast.stmt], target: ast.stmt, *, below: bool = False
    ) -> list[Edit]:
        """Return the changes that move *statements* above *target*, or below it."""
        top, end = statements[0], statements[-1].end_lineno or statements[-1].lineno
        first = first_line(top) if isinstance(top, Kinds) else top.lineno
        was, will_be = self.indentation(statements[0]), self.indentation(target)
        rows = [row.rstrip("\r\n") for row in self.lines[first - 1 : end]]
        if any(row.strip() and not row.startswith(was) for row in rows):
            raise NoSplice("a text of several lines can't be moved")
        moved = "".join(f"{will_be}{row[len(was) :]}\n" if row.strip() else "\n" for row in rows)
        if below:
            at = (target.end_lineno or target.lineno) + 1
        else:
            at = first_line(target) if isinstance(target, Kinds) else target.lineno
        if at > len(self.lines) and not self.lines[-1].endswith(("\n", "\r")):
            moved, at_end = f"\n{moved}"[:-1], (len(self.lines), len(self.lines[-1]))
            return [self.edit((first, 0), (end + 1, 0), ""), self.edit(at_end, at_end, moved)]
        return [self.edit((first, 0), (end + 1, 0), ""), self.edit((at, 0), (at, 0), moved)]

    def indent(self, first: ast.stmt, final: ast.stmt) -> Iterator[Edit]:
        """Yield the changes that put the lines from *first* to *final* one step deeper."""
        begin = first_line(first) if isinstance(first, Kinds) else first.lineno
        inside = {
            line
            for node in self.nodes()
            if isinstance(node, ast.Constant | ast.JoinedStr)
            and isinstance(getattr(node, "value", ""), str | bytes)
            for line in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
        }  # the lines of a long text are part of it
        for line in range(begin, (final.end_lineno or final.lineno) + 1):
            if self.lines[line - 1].strip() and line not in inside:
                yield self.edit((line, 0), (line, 0), self.step)

    def wrap(self, first: ast.stmt, final: ast.stmt, head: str) -> list[Edit]:
        """Return the changes that put the lines from *first* to *final* into a block."""
        return [self.insert_before(first, head), *self.indent(first, final)]

    def unwrap(self, block: ast.With | ast.AsyncWith) -> list[Edit]:
        """Return the changes that leave only the body of a block."""
        outer, inner = self.indentation(block), self.indentation(block.body[0])
        first, final = block.body[0].lineno, block.end_lineno or block.lineno
        edits = [self.edit((block.lineno, 0), (first, 0), "")]
        for line in range(first, final + 1):
            if self.lines[line - 1].startswith(inner):
                edits.append(self.edit((line, len(outer)), (line, len(inner)), ""))
            elif self.lines[line - 1].strip():
                raise NoSplice("a text of several lines can't be moved")
        return edits

    def block_of(self, statement: ast.stmt) -> list[ast.stmt]:
        """Return the statements beside *statement*, with it."""
        around = self.parents(statement)[0]
        for name in ("body", "orelse", "finalbody"):
            block = getattr(around, name, None)
            if isinstance(block, list) and statement in block:
                return block
        raise NoSplice("it is in no block")
