"""A cell of tests as a project: its own file, and a module of what earlier cells define."""

from __future__ import annotations

import ast
import builtins
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from IPython.core.error import UsageError

from loopcheck.magics.cells import IPYTEST
from loopcheck.source import parsing
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import names_in, own_nodes
from loopcheck.source.settings_names import NAMES

EARLIER, FILE = "earlier_cells", "cell.py"
PLAIN = (str, int, float, bool, bytes, type(None))
PATHS = "PYTHONPATH"


@dataclass(frozen=True)
class CellProject:
    """The folder of a cell's tests, the first line of the cell, and the lines above its text."""

    folder: Path
    magic: str
    above: tuple[str, ...]

    @property
    def file(self) -> Path:
        return self.folder / FILE

    def cell_of(self, text: str) -> str:
        """Return the cell that has the tests of *text*, a later version of its file."""
        lines = text.splitlines()
        for line in self.above:
            if line in lines:
                lines.remove(line)
        return "\n".join([self.magic, *lines]).rstrip()


@contextmanager
def written(cell: str, earlier: Sequence[str], space: dict[str, object]) -> Iterator[CellProject]:
    """Yield the project of a *cell*; the folder goes when the block ends.

    *earlier* are the cells that ran before, as Python, and *space* holds what they have assigned.
    """
    magic, _, body = cell.strip("\n").partition("\n")
    tree = parsing.parsed(body)
    if not isinstance(tree, ast.Module):
        raise UsageError("The cell is no Python below its first line.")
    imports, module, shared = _needed(tree, earlier, space)
    above = [*imports, *([f"from {EARLIER} import {', '.join(shared)}"] if shared else [])]
    with tempfile.TemporaryDirectory(prefix="loopcheck-cell-") as name, _importing(Path.cwd()):
        folder = Path(name).resolve()
        for known in (*NAMES, "conftest.py"):
            if Path(known).is_file():
                shutil.copy(known, folder)
        if not any((folder / known).exists() for known in NAMES):
            (folder / "pytest.ini").write_text("[pytest]\n")  # else it may have one further up
        (folder / f"{EARLIER}.py").write_text("\n".join([*module, ""]), encoding="utf-8")
        (folder / FILE).write_text("\n".join([*above, body, ""]), encoding="utf-8")
        yield CellProject(folder, magic, tuple(above))


@contextmanager
def _importing(folder: Path) -> Iterator[None]:
    """Let the tests import what the notebook imports from its folder."""
    before = os.environ.get(PATHS)
    os.environ[PATHS] = os.pathsep.join(filter(None, (str(folder), before)))
    try:
        yield
    finally:
        os.environ.pop(PATHS)
        if before is not None:
            os.environ[PATHS] = before


def _needed(
    tree: ast.Module, earlier: Sequence[str], space: dict[str, object]
) -> tuple[list[str], list[str], list[str]]:
    """Return the import lines of the cell, the module of earlier cells, and what it gives."""
    own = _asked(tree.body) - _bound(tree.body)
    known = [statement for text in earlier for statement in _statements(text)]
    wanted, chosen = set(own), list[ast.stmt]()
    for statement in known[::-1]:
        if wanted & (found := _bound([statement])):
            chosen.insert(0, statement)
            wanted = (wanted - found) | (_asked([statement]) - found)
    heads = [one for one in chosen if isinstance(one, ast.Import | ast.ImportFrom)]
    rest = [one for one in chosen if one not in heads]
    texts = [f"{name} = {space[name]!r}" for name in sorted(wanted) if _is_plain(name, space)]
    module = [*map(ast.unparse, heads), *texts, *map(ast.unparse, rest)]
    imports = [ast.unparse(one) for one in heads if own & _bound([one])]
    shared = sorted(own & (_bound(rest) | {line.partition(" = ")[0] for line in texts}))
    return imports, module, shared


def _is_plain(name: str, space: dict[str, object]) -> bool:
    return name in space and type(space[name]) in PLAIN


def _statements(text: str) -> Iterator[ast.stmt]:
    """Yield what a cell imports, defines and assigns; not what only runs there."""
    if text.startswith(("%%asyncfixture", IPYTEST)):
        text = text.partition("\n")[2]
    tree = parsing.parsed(text)
    for one in tree.body if isinstance(tree, ast.Module) else ():
        if isinstance(one, ast.Assign | ast.AnnAssign):
            runs = any(isinstance(node, ast.Await | ast.Yield) for node in own_nodes(one))
            if runs or "get_ipython" in names_in(one):
                continue
        if _bound([one]):
            yield one


def _bound(statements: Sequence[ast.stmt]) -> set[str]:
    """Return the names that *statements* give a value."""
    names: set[str] = set()
    for one in statements:
        match one:
            case ast.Import(names=imported) | ast.ImportFrom(names=imported):
                names |= {(each.asname or each.name).partition(".")[0] for each in imported}
            case (
                ast.ClassDef(name=name)
                | ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
            ):
                names.add(name)
            case ast.Assign(targets=targets):
                names |= names_in(*targets)
            case ast.AnnAssign(target=target):
                names |= names_in(target)
    return names


def _asked(statements: Sequence[ast.stmt]) -> set[str]:
    """Return the names that *statements* read, and the fixtures that their functions request."""
    names = names_in(*statements)
    for one in statements:
        inner = one.body if isinstance(one, ast.ClassDef) else [one]
        for function in inner:
            if isinstance(function, Def):
                spec = function.args
                names |= {each.arg for each in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)}
    return names - set(dir(builtins))
