"""Fixtures read from the text of a file, if it cannot be imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from loopcheck.runner.collected_tests import Def
from loopcheck.source import modules, parsed_files


@dataclass(frozen=True, slots=True)
class WrittenFixture:
    """A fixture's function, and what its decorator sets. Lives only during a look."""

    node: Def
    named: str | None  # by `name=`
    scope: str | None  # None: known only in a run
    loop_scope: str | None  # None: not set; "": known only in a run
    maker: str = ""  # the decorator's source: "pytest.fixture"
    of_pytest: bool = False  # pytest's own decorator, which has no loop_scope

    @property
    def name(self) -> str:
        """The name that tests request."""
        return self.named or self.node.name

    @property
    def is_async(self) -> bool:
        """Whether a loop runs it."""
        return isinstance(self.node, ast.AsyncFunctionDef)


def fixtures_in(file: str) -> Iterator[WrittenFixture]:
    """Yield the fixtures that *file* defines, including those in classes."""
    tree = parsed_files.tree(file) if "fixture" in parsed_files.text(file) else None
    for node in parsed_files.statements(tree) if tree is not None else ():
        found = read_fixture(node)
        if tree is not None and found is not None:
            yield replace(found, of_pytest=_home(found.maker, tree) == "pytest")


def _home(maker: str, tree: ast.Module) -> str:
    """Return the module that a decorator comes from, by the imports of its file."""
    owner, _, name = maker.rpartition(".")
    if not owner:
        found = parsed_files.imported_from(tree, name)
        return found[0] if found is not None and found[1] == "fixture" else ""
    return parsed_files.imported_as(tree, owner) or owner if name == "fixture" else ""


def read_fixture(node: ast.AST) -> WrittenFixture | None:
    """Return the fixture that *node* defines, None if it defines none."""
    marks = node.decorator_list if isinstance(node, Def) else []
    mark = next((one for one in marks if "fixture" in ast.unparse(one)), None)
    if mark is None or not isinstance(node, Def):
        return None
    maker, words = (mark.func, mark.keywords) if isinstance(mark, ast.Call) else (mark, [])
    said = {word.arg: modules.text_of(word.value) for word in words}
    # The project's own decorator, or `**options`, may set more than is visible here.
    whole = ast.unparse(maker).rpartition(".")[2] == "fixture" and None not in said
    return WrittenFixture(
        node=node,
        named=said.get("name"),
        scope=said.get("scope", "function" if whole else None),
        loop_scope=said["loop_scope"] or "" if "loop_scope" in said else None,
        maker=ast.unparse(maker),
    )
