"""Syntax trees of the user's files, also where Python itself is upset."""

import ast
import asyncio.tasks
import gc
import inspect
import json
import linecache
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from loopcheck.source import calls, parsed_files

CODE = "\n".join(f"def pay_{n}(order):\n    return charge(order)" for n in range(300))


class Parsing:
    """Garbage that the collector meets; its end parses, as logging a traceback does."""

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        ast.parse("1")


def test_a_file_is_read_though_garbage_that_parses_is_collected_meanwhile() -> None:
    before = gc.get_threshold()
    gc.collect()
    Parsing()
    gc.set_threshold(200)
    try:
        tree = parsed_files.parse(CODE)
    finally:
        gc.set_threshold(*before)
    assert tree is not None
    assert len(tree.body) == 300


def test_what_does_not_parse_has_no_tree_and_no_calls() -> None:
    assert parsed_files.parse("def pay(") is None
    assert calls.within("<no such file>") == ()


def test_what_reaches_over_a_line_is_found_without_a_walk_through_all() -> None:
    module = ast.parse(
        inspect.getsource(asyncio.tasks) + "\n@first\n@second(\n    1)\ndef end(): pass\n"
    )
    nodes = [one for one in ast.walk(module) if isinstance(one, ast.stmt | ast.expr)]
    for line in range(1, max(one.lineno for one in nodes) + 1):
        over = [one for one in nodes if one.lineno <= line <= (one.end_lineno or 0)]
        reaching = list(parsed_files.reaching(module, line))
        assert [one for one in reaching if one in over] == over
        assert len(reaching) < 900


BLOCKS = """
import one
class Till:
    def pay(self):
        try:
            with open(path) as file:
                async def inner(): ...
        except* OSError:
            def outer(): ...
        else:
            from two import three
        finally:
            class Last: ...
def go():
    match order:
        case 1:
            def paid(): ...
    for one in two:
        pass
    else:
        async def late(): ...
    return [one for one in two if (lambda: one)()]
"""


def test_statements_come_as_in_a_walk_over_all_nodes() -> None:
    module = ast.parse(BLOCKS)
    walked = [one for one in ast.walk(module) if isinstance(one, ast.stmt)]
    assert [one for one in parsed_files.statements(module) if isinstance(one, ast.stmt)] == walked
    assert len(walked) == 21


def test_a_text_is_one_object_until_its_file_changes() -> None:
    name = "<a file that changes>"
    for said in ("one = 1\n", "two = 2\n"):
        linecache.cache[name] = (len(said), None, [said], name)
        assert parsed_files.text(name) == said
        assert parsed_files.text(name) is parsed_files.text(name)
    del linecache.cache[name]
    assert parsed_files.text(name) == ""


def test_what_was_kept_is_read_anew_once_it_is_forgotten() -> None:
    first = parsed_files.parse(BLOCKS)
    assert parsed_files.parse(BLOCKS) is first
    parsed_files.forget()
    assert parsed_files.parse(BLOCKS) is not first


ODD = """
@decorated(
    one,
)
@twice
async def wide(
    one,
    other,
) -> int:
    text = '''
def inside(): of a text
'''
# a comment at the edge

    def inner(): return text
    class Local:
        @property
        def value(self):
            return (1,
2)
    return inner
async def short(): return await wide(1, \\
2)
if short:
    def last():
        try:
            pass
# further out than the function
        except Exception:
            return True
"""


def functions(module: ast.AST) -> list[tuple[int, str, str]]:
    """Return the first line of each function, its name, and all that is known of it."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [
        (min([one.lineno, *(d.lineno for d in one.decorator_list)]), one.name, dumped(one))
        for one in ast.walk(module)
        if isinstance(one, kinds)
    ]


def dumped(node: ast.AST | None) -> str:
    return ast.dump(node, include_attributes=True) if node is not None else "nothing"


@contextmanager
def a_file(text: str) -> Iterator[str]:
    name = "<a text of functions>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    try:
        yield name
    finally:
        del linecache.cache[name]


def alone(text: str) -> None:
    found = functions(ast.parse(text))
    assert found
    with a_file(text) as name:
        for first, called, whole in found:
            assert dumped(parsed_files.alone(name, first, called)) == whole


# A text with more lines at the edge than are tried, and a page's end before a function.
LONG = "def one():\n    said = '''" + "at the edge\n" * 30 + "'''\n    return said\n"
PAGE = "def one(): return 1\n\x0cdef two():\n    return 2\n"


@pytest.mark.parametrize("text", [ODD, LONG, PAGE])
def test_a_function_is_read_by_its_own_lines_as_in_its_file(text: str) -> None:
    alone(text)


@pytest.mark.parametrize("package", [asyncio, json, parsed_files])
def test_so_are_those_of_real_files(package: types.ModuleType) -> None:
    folder = Path(str(package.__file__)).parent
    for file in sorted(folder.glob("*.py"))[:40]:
        text = file.read_text("utf-8")
        if "def " in text:
            alone(text)


def test_where_no_function_begins_none_is_read() -> None:
    with a_file(ODD) as name:
        for line in (0, 1, 3, 11, 13, 14, 99):
            assert parsed_files.alone(name, line, "wide") is None
        assert parsed_files.alone(name, 15, "of_another_name") is None
        assert parsed_files.alone(name, 15, "<lambda>") is None
    assert parsed_files.alone("<no such file>", 1, "wide") is None
