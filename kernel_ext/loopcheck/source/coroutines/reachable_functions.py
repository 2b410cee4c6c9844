"""The user functions that a test may have reached: by name, so too many rather than too few."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache
from types import CodeType

from loopcheck.source import parsed_files
from loopcheck.source.coroutines import never_awaited

LONGEST = 200_000  # characters: parsing that many takes 0.2 s, once in a run
_DEFS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS = (*_DEFS, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)
# They reach functions whose names are nowhere in the code.
_BY_TEXT = frozenset({"getattr", "eval", "exec", "import_module", "attrgetter", "methodcaller"})
# The argument of any other decorator may be called by unknown code: a route, a handler.
_PLAIN = frozenset(
    {"property", "staticmethod", "classmethod", "cached_property", "contextmanager", "fixture"}
    | {"asynccontextmanager", "wraps", "override", "abstractmethod", "asyncio", "anyio", "mark"}
    | {"parametrize", "usefixtures", "skip", "skipif", "xfail", "timeout"}
)
_SET_UPS = never_awaited.SET_UPS | {"asyncSetUp", "asyncTearDown"}
Said = tuple[tuple[str, frozenset[str]], ...]  # a name, and the names its definition mentions


def names(test: CodeType, fixtures: Iterable[str], files: Iterable[str]) -> frozenset[str] | None:
    """Return the names that *test* reaches from its own, and those of its *fixtures*.

    None if they are not enough: code looks something up by its text, or there is too much to read.
    """
    texts = {file: parsed_files.text(file) for file in set(files)}
    if sum(map(len, texts.values())) > LONGEST:
        return None
    known: dict[str, set[str]] = {}
    for text in texts.values():
        for name, mentioned in _said(text):
            known.setdefault(name, set()).update(mentioned)
    todo, found = {test.co_name, *fixtures, ""}, set[str]()
    while todo:
        found |= todo
        todo = {each for one in todo for each in known.get(one, ())} - found
    return None if found & _BY_TEXT else frozenset(found)


@lru_cache(256)
def _said(text: str) -> Said:
    tree = parsed_files.parse(text) if text else None
    return tuple(_entries(tree)) if tree is not None else ()


def _entries(tree: ast.Module) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield what each name of a file mentions; "" is what is reached without a name."""
    for node in tree.body:
        if not isinstance(node, (*_BLOCKS, *_IMPORTS)):
            yield "", _mentioned(node)
    for each in parsed_files.statements(tree):
        if isinstance(each, _DEFS):
            yield each.name, _mentioned(each)
            if _called_by_others(each):
                yield "", frozenset({each.name})
        elif isinstance(each, ast.ClassDef):
            yield each.name, frozenset().union(*_of_class(each))
        elif isinstance(each, _IMPORTS):
            for alias in each.names:
                if alias.asname:
                    yield alias.asname, frozenset(alias.name.split("."))


def _of_class(block: ast.ClassDef) -> Iterator[frozenset[str]]:
    """Yield what creating an object of a class reaches; a library's base may call any method."""
    for node in block.body:
        if not isinstance(node, _DEFS) or node.name.startswith("__"):
            yield _mentioned(node)
        elif block.bases:
            yield frozenset({node.name})
    for base in block.bases:
        yield _mentioned(base)


def _called_by_others(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    if function.name.startswith("pytest_") or function.name in _SET_UPS:
        return True
    bare = [one.func if isinstance(one, ast.Call) else one for one in function.decorator_list]
    lasts = [one.attr if isinstance(one, ast.Attribute) else ast.unparse(one) for one in bare]
    return not _PLAIN.issuperset(lasts)


def _mentioned(node: ast.AST) -> frozenset[str]:
    found: set[str] = set()
    for one in ast.walk(node):
        match one:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                found.add(name)
    return frozenset(found)
