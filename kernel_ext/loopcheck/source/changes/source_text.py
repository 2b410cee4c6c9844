"""A source text and the positions of its syntax tree: what is where, and changes of any text."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property

from loopcheck.records import Edit
from loopcheck.source import parsed_files, parsing
from loopcheck.source.calls import last
from loopcheck.source.definitions import Def, Kinds, first_line
from loopcheck.source.nodes import parents, spans_line

LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
HEAD = re.compile(r"(?:async\s+)?(?:def|class)[ \t\f]+(?=\w)")
Span = tuple[tuple[int, int], tuple[int, int]]


class NoSplice(Exception):
    """The change can't be made by machine; the message says why."""


class SourceText:
    """The text of one file with its syntax tree, and changes at its positions."""

    def __init__(self, file: str, text: str, digest: str = "") -> None:
        self.file, self.text, self.digest = file, text, digest
        self.newline = "\r\n" if "\r\n" in text else "\n"

    @cached_property
    def lines(self) -> list[str]:
        """Return the lines with their ends: only Python's own ends are ends."""
        return LINES.findall(self.text)

    @cached_property
    def tree(self) -> ast.Module:
        found = parsing.parsed(self.text)
        if not isinstance(found, ast.Module):
            raise NoSplice(f"{self.file} does not parse")
        return found

    @cached_property
    def _parent(self) -> dict[ast.AST, ast.AST]:
        return parents(self.tree)

    def forget_tree(self) -> None:
        """Drop the syntax tree: thousands of nodes, which every garbage collection would visit."""
        for name in ("tree", "_parent", "_calls"):
            self.__dict__.pop(name, None)

    # What is where

    def parents(self, node: ast.AST) -> tuple[ast.AST, ...]:
        """Return the nodes around *node*, innermost first."""
        found: list[ast.AST] = []
        while (around := self._parent.get(found[-1] if found else node)) is not None:
            found.append(around)
        return tuple(found)

    def nodes(self) -> Iterator[ast.AST]:
        """Yield all nodes, in the order of the text."""
        yield from self._parent

    @cached_property
    def _calls(self) -> dict[str | None, list[ast.Call]]:
        found: dict[str | None, list[ast.Call]] = {}
        for node in self._parent:
            if isinstance(node, ast.Call):
                found.setdefault(called_name(node), []).append(node)
        return found

    def calls_of(self, name: str) -> list[ast.Call]:
        """Return the calls of *name*, in the order of the text."""
        return self._calls.get(name, [])

    def nodes_at(self, line: int) -> list[ast.AST]:
        """Return the nodes that span *line*, outermost first."""
        return [node for node in self._parent if spans_line(node, line)]

    def statement_at(self, line: int) -> ast.stmt:
        """Return the innermost statement at *line*; a decorator belongs to its function."""
        found = [
            node
            for node in self._parent
            if isinstance(node, ast.stmt)
            and (spans_line(node, line) or _decorators_span(node, line))
        ]
        if not found:
            raise NoSplice(f"no statement at {self.file}:{line}")
        return found[-1]

    def statement_of(self, node: ast.AST) -> ast.stmt:
        """Return the innermost statement that *node* is part of, or is."""
        for one in (node, *self.parents(node)):
            if isinstance(one, ast.stmt):
                return one
        raise NoSplice("it is in no statement")

    def function_of(self, node: ast.AST) -> Def | ast.Lambda | None:
        """Return the function that runs *node*, None if the module or a class does."""
        inner = node
        for one in self.parents(node):
            if isinstance(one, ast.Lambda):
                return one
            if isinstance(one, Def) and inner in one.body:
                return one
            if isinstance(one, ast.ClassDef) and inner in one.body:
                return None
            inner = one
        return None

    def definitions(self) -> Iterator[Def]:
        """Yield the functions and methods; it takes a tenth of what all nodes take."""
        return (one for one in parsed_files.statements(self.tree) if isinstance(one, Def))

    def only_return(self, function: ast.stmt) -> tuple[ast.Return, ast.expr]:
        """Return the one statement by which *function* returns a value, and the value."""
        found = [
            (one, one.value)
            for one in self.nodes()
            if isinstance(one, ast.Return) and one.value and self.function_of(one) is function
        ]
        if len(found) != 1:
            raise NoSplice("it returns in several lines")
        return found[0]

    def functions(self, name: str) -> list[Def]:
        """Return the functions and methods called *name*."""
        return [one for one in self.definitions() if one.name == name]

    def class_of(self, function: Def) -> ast.ClassDef | None:
        """Return the class whose body has *function*."""
        around = self.parents(function)
        return around[0] if around and isinstance(around[0], ast.ClassDef) else None

    def calls_at(self, line: int, name: str | None = None) -> list[ast.Call]:
        """Return the calls of the statement at *line* that this line is part of, outer ones first.

        With a *name* only those of what is called so.
        """
        return [
            node
            for node in self.nodes_at(line)
            if isinstance(node, ast.Call) and (name is None or called_name(node) == name)
        ]

    def text_of(self, node: ast.AST) -> str:
        """Return the text of *node*."""
        start, end = self.span(node)
        return self.text_between(start, end)

    def text_between(self, start: tuple[int, int], end: tuple[int, int]) -> str:
        """Return the text from *start* to *end*."""
        rows = self.lines[start[0] - 1 : end[0]]
        if not rows:
            return ""
        rows[-1] = rows[-1][: end[1]]
        rows[0] = rows[0][start[1] :]
        return "".join(rows)

    def span(self, node: ast.AST) -> Span:
        """Return start and end of *node*, in lines and characters, without its decorators."""
        one: ast.expr = node  # type: ignore[assignment]
        if sys.version_info < (3, 12) and any(
            isinstance(around, ast.JoinedStr) for around in self.parents(node)
        ):
            raise NoSplice("Python 3.11 has no positions in an f-string")
        end = one.end_lineno or one.lineno, one.end_col_offset or one.col_offset
        return self._place(one.lineno, one.col_offset), self._place(*end)

    def _place(self, line: int, column: int) -> tuple[int, int]:
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        if text.isascii():
            return line, column
        return line, len(text.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))

    def indentation(self, node: ast.AST) -> str:
        """Return the white space before the first line of *node*, which must start the line."""
        line, column = self.span(node)[0]
        before: str = self.lines[line - 1][:column]
        if before.strip():
            raise NoSplice("another statement is on the same line")
        return before

    @cached_property
    def step(self) -> str:
        """Return what a block of this file is indented by."""
        for node in self._parent:
            body = getattr(node, "body", None)
            if isinstance(node, ast.stmt) and isinstance(body, list) and body:
                with suppress(NoSplice):
                    inner, outer = self.indentation(body[0]), self.indentation(node)
                    if inner.startswith(outer) and inner != outer:
                        return inner[len(outer) :]
        return "    "

    # Changes of any text

    def edit(self, start: tuple[int, int], end: tuple[int, int], text: str) -> Edit:
        """Return the change of what is from *start* to *end* into *text*."""
        return Edit(file=self.file, start=start, end=end, text=text.replace("\n", self.newline))

    def replace(self, node: ast.AST, text: str) -> Edit:
        return self.edit(*self.span(node), text)

    def in_place(self, node: ast.AST, text: str) -> Edit:
        """Return the change of *node* into an `await`, in brackets if they are needed."""
        return self.replace(node, f"({text})" if self.is_tight(node) else text)

    def is_tight(self, node: ast.AST) -> bool:
        """True if what is around *node* binds tighter than `await`: `(await x).name`."""
        match self.parents(node)[:1]:
            case [ast.Call(func=inner) | ast.Attribute(value=inner) | ast.Subscript(value=inner)]:
                return inner is node
        return False

    def rename(self, definition: Kinds, name: str) -> Edit:
        """Return the change of a function's or a class's name, where it is defined."""
        at = self.name_place(definition)
        return self.edit(at, (at[0], at[1] + len(definition.name)), name)

    def name_place(self, definition: Kinds) -> tuple[int, int]:
        """Return where the name of a function or class begins in its head."""
        line, column = self.span(definition)[0]
        head = HEAD.match(self.lines[line - 1], column)
        if head is None:
            raise NoSplice("the head of the definition is of several lines")
        return line, head.end()

    def first_word(self, node: ast.AST, word: str) -> Span:
        """Return where *node* says *word*, with which it begins: `return`."""
        line, column = self.span(node)[0]
        return (line, column), (line, column + len(word))

    def free_name(self, name: str, join: str = "_") -> str:
        """Return *name*, or with a number behind it, so that the file has no such word."""
        names = (name, *(f"{name}{join}{number}" for number in range(2, 100)))
        return next(one for one in names if not re.search(rf"\b{re.escape(one)}\b", self.text))

    def put_before(self, node: ast.AST, text: str) -> Edit:
        start = self.span(node)[0]
        return self.edit(start, start, text)

    def put_after(self, node: ast.AST, text: str) -> Edit:
        end = self.span(node)[1]
        return self.edit(end, end, text)


def dotted(node: ast.AST) -> str:
    """Return a dotted name as it is written, "" of what is none."""
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return node.id if isinstance(node, ast.Name) else ""


def called_name(call: ast.Call) -> str | None:
    """Return the last part of the name that *call* calls, also of `getattr(one, "start")()`."""
    match call.func:
        case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str(name)), *_]):
            return name
    return last(call.func)


def _decorators_span(node: ast.stmt, line: int) -> bool:
    return isinstance(node, Kinds) and first_line(node) <= line <= node.lineno
