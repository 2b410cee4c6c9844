"""Changes of a source text, made at the positions of its syntax tree: all other text stays.

A splice that would change what another line means, or that can't be placed, raises `NoSplice`.
"""

from __future__ import annotations

import ast
import hashlib
import io
import re
import sys
import tokenize
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from itertools import accumulate
from pathlib import Path

from loopcheck.light import replace
from loopcheck.records import Edit
from loopcheck.source import parsed_files, parsing
from loopcheck.source.calls import last
from loopcheck.source.definitions import Def, Kinds, first_line
from loopcheck.source.nodes import nodes_with_parents, spans_line

LARGEST = 1_000_000  # bytes: a larger file is data
MOST_FILES = 2_000  # of a project, to search for callers
NOT_SEARCHED = re.compile(r"^(\.|__pycache__|venv|node_modules|site-packages|build|dist$)")
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_SPAN = tuple[tuple[int, int], tuple[int, int]]
# Whoever binds tighter than `await`: `(await x).name`.
_TIGHTER = (ast.Attribute, ast.Subscript, ast.Call)


class NoSplice(Exception):
    """The change can't be made by machine; the message says why."""


class Source:
    """The text of one file, and changes of it."""

    def __init__(self, file: str, text: str, digest: str = "") -> None:
        self.file, self.text, self.digest = file, text, digest
        self.newline = "\r\n" if "\r\n" in text else "\n"

    @cached_property
    def lines(self) -> list[str]:
        """Return the lines with their ends: only Python's own ends are ends."""
        return _LINES.findall(self.text)

    @cached_property
    def tree(self) -> ast.Module:
        found = parsing.parsed(self.text)
        if not isinstance(found, ast.Module):
            raise NoSplice(f"{self.file} does not parse")
        return found

    @cached_property
    def _above(self) -> dict[ast.AST, tuple[ast.AST, ...]]:
        return dict(nodes_with_parents(self.tree, deep=True))

    def forget_tree(self) -> None:
        """Drop the syntax tree: thousands of nodes, which every garbage collection would visit."""
        for name in ("tree", "_above"):
            self.__dict__.pop(name, None)

    # What is where

    def parents(self, node: ast.AST) -> tuple[ast.AST, ...]:
        """Return the nodes around *node*, innermost first."""
        return self._above.get(node, ())[::-1]

    def nodes(self) -> Iterator[ast.AST]:
        """Yield all nodes, in the order of the text."""
        yield from self._above

    def nodes_at(self, line: int) -> list[ast.AST]:
        """Return the nodes that span *line*, outermost first."""
        return [node for node in self._above if spans_line(node, line)]

    def statement_at(self, line: int) -> ast.stmt:
        """Return the innermost statement at *line*; a decorator belongs to its function."""
        found = [
            node
            for node in self._above
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

    def span(self, node: ast.AST) -> _SPAN:
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
        for node in self._above:
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
        outer = self.parents(node)[0]
        of = getattr(outer, "func", None) or getattr(outer, "value", None)
        tight = isinstance(outer, _TIGHTER) and of is node
        return self.replace(node, f"({text})" if tight else text)

    def put_before(self, node: ast.AST, text: str) -> Edit:
        start = self.span(node)[0]
        return self.edit(start, start, text)

    def put_after(self, node: ast.AST, text: str) -> Edit:
        end = self.span(node)[1]
        return self.edit(end, end, text)

    # Statements

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

    # Calls and decorators

    def set_keyword(self, call: ast.expr, name: str, value: str) -> Edit:
        """Return the change that gives *call* the keyword; a bare decorator becomes a call."""
        if not isinstance(call, ast.Call):
            return self.put_after(call, f"({name}={value})")
        for keyword in call.keywords:
            if keyword.arg == name:
                return self.replace(keyword.value, value)
        return self.add_argument(call, f"{name}={value}")

    def add_argument(self, call: ast.Call, text: str) -> Edit:
        """Return the change that puts *text* behind the arguments of *call*."""
        given = [*call.args, *call.keywords]
        end = self.span(call)[1]
        inside = end[0], end[1] - 1
        if not given:
            return self.edit(inside, inside, text)
        latest = max(given, key=lambda one: self.span(one)[1])
        alone = isinstance(latest, ast.GeneratorExp) and len(given) == 1
        if alone and self.span(latest)[1] == end:
            raise NoSplice("a bare generator expression takes no argument beside it")
        behind = self.span(latest)[1]
        return self.edit(behind, behind, f", {text}")

    def drop_argument(self, call: ast.Call, which: ast.expr | ast.keyword) -> Edit:
        """Return the change that drops an argument, with the comma before or after it."""
        given = sorted([*call.args, *call.keywords], key=self.span)
        at = given.index(which)
        start, end = self.span(which)
        if at:
            start = self.span(given[at - 1])[1]
        elif len(given) > 1:
            end = self.span(given[1])[0]
        return self.edit(start, end, "")

    def drop_keyword(self, call: ast.Call, name: str) -> list[Edit]:
        """Return the change that drops the keyword *name*, none if it is not there."""
        return [self.drop_argument(call, one) for one in call.keywords if one.arg == name]

    def decorator(self, function: Kinds, *names: str) -> ast.expr | None:
        """Return the decorator of *function* whose dotted name ends so: "fixture"."""
        for one in function.decorator_list:
            bare = one.func if isinstance(one, ast.Call) else one
            if dotted(bare).endswith(names):
                return one
        return None

    def fixture_call(self, function: str) -> ast.expr | None:
        """Return the call in `name = pytest.fixture(function)`."""
        for node in self.nodes():
            if not isinstance(node, ast.Call) or not dotted(node.func).endswith("fixture"):
                continue
            if any(isinstance(one, ast.Name) and one.id == function for one in node.args):
                return node
        return None

    def rename_decorator(self, decorator: ast.expr, name: str) -> Edit:
        bare = decorator.func if isinstance(decorator, ast.Call) else decorator
        return self.replace(bare, name)

    def drop_parameter(self, function: Def, name: str) -> list[Edit]:
        """Return the change that drops the parameter *name*."""
        spec = function.args
        every = [*spec.posonlyargs, *spec.args, *([spec.vararg] if spec.vararg else [])]
        every += [*spec.kwonlyargs, *([spec.kwarg] if spec.kwarg else [])]
        plain = len(every) == len(spec.args)
        at = next((index for index, one in enumerate(every) if one.arg == name), None)
        if at is None:
            return []
        if not plain or spec.defaults:
            raise NoSplice("the parameters are not all plain")
        start, end = self.span(every[at])
        if at:
            start = self.span(every[at - 1])[1]
        elif len(every) > 1:
            end = self.span(every[1])[0]
        return [self.edit(start, end, "")]

    def add_parameter(self, function: Def, name: str) -> list[Edit]:
        """Return the change that adds the parameter *name*, none if it is there."""
        spec = function.args
        every = [*spec.posonlyargs, *spec.args]
        if any(one.arg == name for one in (*every, *spec.kwonlyargs)):
            return []
        if spec.vararg or spec.kwonlyargs or spec.kwarg or spec.defaults:
            raise NoSplice("the parameters are not all plain")
        if every:
            return [self.put_after(every[-1], f", {name}")]
        head = self.text_between(self.span(function)[0], self.span(function.body[0])[0])
        at = re.match(rf"(?:async\s+)?def\s+{re.escape(function.name)}\s*\(", head)
        if at is None or "\n" in at[0]:
            raise NoSplice("the head of the function is of several lines")
        line, column = self.span(function)[0]
        place = line, column + len(at[0])
        return [self.edit(place, place, name)]

    # Imports

    def imported(self, module: str, name: str | None = None) -> str | None:
        """Return what the file calls *module*, or its *name*; None if no top line imports it."""
        for node in self.tree.body:
            if isinstance(node, ast.Import) and name is None:
                for one in node.names:
                    if one.name == module and (one.asname or "." not in one.name):
                        return one.asname or one.name
            if isinstance(node, ast.ImportFrom) and not node.level:
                for one in node.names:
                    whole = f"{node.module}.{one.name}"
                    if (name and (node.module, one.name) == (module, name)) or (
                        name is None and whole == module
                    ):
                        return one.asname or one.name
        return None

    def add_import(self, module: str, name: str | None = None, alias: str = "") -> list[Edit]:
        """Return the change that imports *module*, or its *name*; none if the file has it.

        *alias* is what the file calls the name from then on, if another thing has that name.
        """
        if self.imported(module, name) is not None:
            return []
        for node in self.tree.body if name and not alias else ():
            if isinstance(node, ast.ImportFrom) and node.module == module and not node.level:
                return [self._add_name(node, str(name))]
        line = f"from {module} import {name}" if name else f"import {module}"
        line += f" as {alias}" if alias else ""
        return [self._put_import(line, (name is not None, module.lower()))]

    def drop_unused_import(self, module: str, *gone: ast.AST) -> list[Edit]:
        """Return the change that drops `import module`, if only the nodes *gone* used it."""
        line = next(
            (
                one
                for one in self.tree.body
                if isinstance(one, ast.Import) and [each.name for each in one.names] == [module]
            ),
            None,
        )
        if line is None or line.names[0].asname:
            return []
        for node in self.nodes():
            used = isinstance(node, ast.Name) and node.id == module
            if used and not any(node is one or one in self.parents(node) for one in gone):
                return []
        return [self.remove(line)]

    def _add_name(self, node: ast.ImportFrom, name: str) -> Edit:
        later = [one for one in node.names if one.name > name]
        if later:
            return self.put_before(later[0], f"{name}, ")
        return self.put_after(node.names[-1], f", {name}")

    def _put_import(self, line: str, key: tuple[bool, str]) -> Edit:
        block = [
            node
            for node in self.tree.body
            if isinstance(node, ast.Import | ast.ImportFrom) and not _is_future(node)
        ]
        root = key[1].partition(".")[0]
        alike = [one for one in block if _is_standard(_root(one)) == _is_standard(root)]
        # Only a block in isort's order has a place for it: `import`s first, both by their names.
        for one in alike:
            if _order(one) > key and not self._is_cell_head(one):
                return self.insert_before(one, line)
        if alike:
            return self.insert_after(alike[-1], line)
        if block and _is_standard(root):
            return self._spaced(self.insert_before(block[0], line), after=True)
        if block:
            return self._spaced(self.insert_after(block[-1], line), after=False)
        heads = self.tree.body[:1] if ast.get_docstring(self.tree) is not None else []
        heads += [node for node in self.tree.body if _is_future(node)]
        heads += [node for node in self.tree.body[:1] if self._is_cell_head(node)]
        if heads:
            return self._spaced(self.insert_after(heads[-1], line), after=False)
        comments = 1  # a `#!` and the encoding stay where they are
        while comments <= len(self.lines) and self.lines[comments - 1].startswith("#"):
            comments += 1
        blank = comments > len(self.lines) or not self.lines[comments - 1].strip()
        space = "" if blank else "\n\n" if isinstance(self.tree.body[0], Kinds) else "\n"
        return self.edit((comments, 0), (comments, 0), f"{line}\n{space}")

    def _spaced(self, edit: Edit, *, after: bool) -> Edit:
        text = f"{edit.text}{self.newline}" if after else f"{self.newline}{edit.text}"
        return Edit(file=edit.file, start=edit.start, end=edit.end, text=text)

    def _is_cell_head(self, node: ast.stmt) -> bool:
        return "get_ipython()" in self.text_of(node)

    # Awaits

    def await_value(self, expression: ast.expr) -> list[Edit]:
        """Return the changes that await *expression*, in a function that is or becomes async."""
        around = self.parents(expression)
        if around and isinstance(around[0], ast.Await):
            return []
        edits: list[Edit] = []
        inner: ast.AST = expression
        for one in around:
            if isinstance(one, ast.stmt):
                break
            if isinstance(one, ast.Lambda):
                raise NoSplice("a lambda can't await")
            if isinstance(one, ast.GeneratorExp) and inner is not one.generators[0]:
                edits += self._as_list(one)
            inner = one
        tight = bool(around) and isinstance(around[0], _TIGHTER)
        tight = tight and (not isinstance(around[0], ast.Call) or around[0].func is expression)
        tight = tight and not (
            isinstance(around[0], ast.Subscript) and around[0].slice is expression
        )
        edits.append(self.put_before(expression, "(await " if tight else "await "))
        if tight:
            edits.append(self.put_after(expression, ")"))
        return edits

    def _as_list(self, made: ast.GeneratorExp) -> list[Edit]:
        """Return the changes that make a generator expression a list: it can't await in `all()`."""
        start, end = self.span(made)
        call = self.parents(made)[0]
        inside_end = end[0], end[1] - 1
        if isinstance(call, ast.Call) and self.span(call)[1] == end:
            after = start[0], start[1] + 1
            return [self.edit(after, after, "["), self.edit(inside_end, inside_end, "]")]
        return [
            self.edit(start, (start[0], start[1] + 1), "["),
            self.edit(inside_end, end, "]"),
        ]

    def make_async(self, function: Def) -> list[Edit]:
        """Return the change of a `def` into an `async def`, none if it is one."""
        if isinstance(function, ast.AsyncFunctionDef):
            return []
        return [self.put_before(function, "async ")]


class Sources:
    """The files of a project, read when a change needs them."""

    def __init__(self, root: str, find: Callable[[str], str | None] | None = None) -> None:
        self.root = Path(root)
        self._find = find or (lambda shown: str(self.root / shown))
        self._opened: dict[str, Source | None] = {}
        self._data: dict[str, bytes] = {}  # of the files that were searched

    def open(self, shown: str) -> Source:
        """Return the file that places call *shown*."""
        if shown not in self._opened:
            self._opened[shown] = self._read(shown)
        found = self._opened[shown]
        if found is None:
            raise NoSplice(f"{shown} can't be read")
        return found

    def _read(self, shown: str) -> Source | None:
        data = self._bytes(shown)
        if not data:
            return None
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
            text = data.decode(encoding)
        except (UnicodeDecodeError, SyntaxError, LookupError):
            return None
        return Source(shown, text, hashlib.sha256(data).hexdigest())

    def _bytes(self, shown: str) -> bytes:
        """Return what the file holds, nothing if it can't be read or is too large."""
        if shown not in self._data:
            name = self._find(shown)
            data = b""
            with suppress(OSError):
                if name is not None:
                    with open(name, "rb") as file:
                        data = file.read(LARGEST + 1)
            self._data[shown] = data if len(data) <= LARGEST else b""
        return self._data[shown]

    def forget_trees(self) -> None:
        """Keep the texts alone; a later change parses again."""
        for one in self._opened.values():
            if one is not None:
                one.forget_tree()

    def digests(self, files: Iterable[str]) -> dict[str, str]:
        """Return the SHA-256 of *files*, as they were when they were read."""
        opened = {file: self._opened.get(file) for file in files}
        return {file: one.digest for file, one in opened.items() if one is not None}

    def python_files(self) -> list[str]:
        """Return the Python files of the project, as places call them."""
        return self._python_files

    @cached_property
    def _python_files(self) -> list[str]:
        found: list[str] = []
        todo = [self.root]
        while todo and len(found) < MOST_FILES:
            folder = todo.pop()
            with suppress(OSError):
                for one in sorted(folder.iterdir()):
                    if one.is_dir() and not one.is_symlink() and not NOT_SEARCHED.match(one.name):
                        if not (one / "pyvenv.cfg").exists():
                            todo.append(one)
                    elif one.suffix == ".py":
                        found.append(one.relative_to(self.root).as_posix())
        return sorted(found)

    def naming(self, word: str) -> Iterator[Source]:
        """Yield the Python files whose text has *word* in it."""
        wanted = word.encode("utf-8", "surrogatepass")
        for file in self.python_files():
            if wanted in self._bytes(file):
                with suppress(NoSplice):
                    yield self.open(file)


def applied(text: str, changes: Iterable[Edit]) -> str:
    """Return *text* with the *changes* of this file made; they must not overlap."""
    return replaced(text, [(offsets(text, one), one.text) for one in in_order(changes)])


def replaced(text: str, spans: Iterable[tuple[tuple[int, int], str]]) -> str:
    """Return *text* with the text of each span replaced; they are in order."""
    made, at = [], 0
    for (begin, end), said in spans:
        if begin < at or end < begin:
            raise NoSplice("changes overlap")
        made += [text[at:begin], said]
        at = end
    return "".join([*made, text[at:]])


def offsets(text: str, change: Edit) -> tuple[int, int]:
    """Return where in *text* a change begins and ends."""
    starts = _line_starts(text)

    def offset(place: tuple[int, int]) -> int:
        return min(starts[min(place[0], len(starts)) - 1] + place[1], len(text))

    return offset(change.start), offset(change.end)


@lru_cache(maxsize=8)
def _line_starts(text: str) -> tuple[int, ...]:
    return tuple(accumulate(map(len, _LINES.findall(text)), initial=0))


def in_order(changes: Iterable[Edit]) -> list[Edit]:
    """Return *changes* as in the text, each once; what is put at one place is one change."""
    # Whole lines go above the line that another change begins: a mark above its `async def`.
    key = lambda one: (one.file, one.start, one.end, not one.text.endswith("\n"))  # noqa: E731
    found: list[Edit] = []
    for change in sorted(dict.fromkeys(changes), key=key):
        before = found[-1] if found else None
        if before and before.file == change.file and before.start == before.end == change.start:
            found[-1] = replace(change, start=before.start, text=before.text + change.text)
        else:
            found.append(change)
    return found


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


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _root(node: ast.Import | ast.ImportFrom) -> str:
    name = node.names[0].name if isinstance(node, ast.Import) else node.module or ""
    return "." if isinstance(node, ast.ImportFrom) and node.level else name.partition(".")[0]


def _order(node: ast.Import | ast.ImportFrom) -> tuple[bool, str]:
    name = node.names[0].name if isinstance(node, ast.Import) else node.module or ""
    return isinstance(node, ast.ImportFrom), name.lower()


def _is_standard(root: str) -> bool:
    return root in sys.stdlib_module_names
