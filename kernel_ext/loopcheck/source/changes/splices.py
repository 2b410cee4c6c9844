"""Changes of a source text, made at the positions of its syntax tree: all other text stays.

A splice that would change what another line means, or that can't be placed, raises `NoSplice`.
"""

from __future__ import annotations

import ast
import sys

from loopcheck.records import Edit
from loopcheck.source.changes.source_text import NoSplice, dotted
from loopcheck.source.changes.statement_edits import StatementEdits
from loopcheck.source.definitions import Def, Kinds

Import = ast.Import | ast.ImportFrom


class Source(StatementEdits):
    """A source text whose calls, decorators, parameters, imports and awaits can be changed."""

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

    def drop_parameter(self, function: Def, name: str) -> list[Edit]:
        """Return the change that drops the parameter *name*."""
        spec = function.args
        every = [*spec.posonlyargs, *spec.args, *([spec.vararg] if spec.vararg else [])]
        every += [*spec.kwonlyargs, *([spec.kwarg] if spec.kwarg else [])]
        plain = len(every) == len(spec.args)
        at = next((index for index, one in enumerate(every) if one.arg == name), None)
        if at is None:
            return []
        if not plain or every[at] in every[len(every) - len(spec.defaults) :]:
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
        line, column = self.name_place(function)
        rest = self.lines[line - 1][column + len(function.name) :]
        if not rest.startswith("("):
            raise NoSplice("the head of the function is of several lines")
        place = line, column + len(function.name) + 1
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

    def named(self, module: str) -> str:
        """Return what the file calls *module*, or will once it imports it."""
        return self.imported(module) or module

    def add_import(
        self, module: str, name: str | None = None, alias: str = "", *, own: bool = False
    ) -> list[Edit]:
        """Return the change that imports *module*, or its *name*; none if the file has it.

        *alias* is what the file calls the name from then on, if another thing has that name. The
        project's *own* modules are below those of libraries.
        """
        if self.imported(module, name) is not None:
            return []
        for node in self.tree.body if name and not alias else ():
            if isinstance(node, ast.ImportFrom) and node.module == module and not node.level:
                return [self._add_name(node, str(name))]
        line = f"from {module} import {name}" if name else f"import {module}"
        line += f" as {alias}" if alias else ""
        return [self._put_import(line, (name is not None, module.lower()), own=own)]

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

    def _put_import(self, line: str, key: tuple[bool, str], *, own: bool) -> Edit:
        block = [
            node
            for node in self.tree.body
            if isinstance(node, ast.Import | ast.ImportFrom) and not _is_future(node)
        ]
        root = key[1].partition(".")[0]
        alike = [one for one in block if _is_standard(_root(one)) == _is_standard(root)]
        if own and block and not any(_root(one) == root for one in block):
            return self._spaced(self.insert_after(block[-1], line), after=False)
        alike = self._group_for(root, alike)
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
        if any(self._is_cell_head(node) for node in self.tree.body[:1]):
            return self.insert_after(self.tree.body[0], line)
        if heads:
            return self._spaced(self.insert_after(heads[-1], line), after=False)
        comments = 1  # a `#!` and the encoding stay where they are
        while comments <= len(self.lines) and self.lines[comments - 1].startswith("#"):
            comments += 1
        blank = comments > len(self.lines) or not self.lines[comments - 1].strip()
        space = "" if blank else "\n\n" if isinstance(self.tree.body[0], Kinds) else "\n"
        return self.edit((comments, 0), (comments, 0), f"{line}\n{space}")

    def _group_for(self, root: str, block: list[Import]) -> list[Import]:
        """Return the imports of *block* to which *root* belongs, of those that blank lines divide.

        The first are of libraries, and the project's own are below, unless one has the same root.
        """
        groups: list[list[Import]] = []
        for node in block:
            end = (groups[-1][-1].end_lineno or 0) if groups else len(self.lines)
            between = self.lines[end : node.lineno - 1]
            if groups and all(line.strip() for line in between):
                groups[-1].append(node)
            else:
                groups.append([node])
        mine = [one for one in groups if root in map(_root, one)]
        return next(iter(mine or groups), [])

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
        tight = self.is_tight(expression)
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


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _root(node: Import) -> str:
    name = node.names[0].name if isinstance(node, ast.Import) else node.module or ""
    return "." if isinstance(node, ast.ImportFrom) and node.level else name.partition(".")[0]


def _order(node: Import) -> tuple[bool, str]:
    name = node.names[0].name if isinstance(node, ast.Import) else node.module or ""
    return isinstance(node, ast.ImportFrom), name.lower()


def _is_standard(root: str) -> bool:
    return root in sys.stdlib_module_names
