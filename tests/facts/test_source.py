"""Syntax trees of the user's files, also where Python itself is upset."""

import ast
import asyncio.tasks
import gc
import inspect
import linecache

from loopcheck.facts.probes import calls, source

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
        tree = source.parse(CODE)
    finally:
        gc.set_threshold(*before)
    assert tree is not None
    assert len(tree.body) == 300


def test_what_does_not_parse_has_no_tree_and_no_calls() -> None:
    assert source.parse("def pay(") is None
    assert calls.within("<no such file>") == ()


def test_what_reaches_over_a_line_is_found_without_a_walk_through_all() -> None:
    module = ast.parse(
        inspect.getsource(asyncio.tasks) + "\n@first\n@second(\n    1)\ndef end(): pass\n"
    )
    nodes = [one for one in ast.walk(module) if isinstance(one, ast.stmt | ast.expr)]
    for line in range(1, max(one.lineno for one in nodes) + 1):
        over = [one for one in nodes if one.lineno <= line <= (one.end_lineno or 0)]
        reaching = list(source.reaching(module, line))
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
    assert [one for one in source.statements(module) if isinstance(one, ast.stmt)] == walked
    assert len(walked) == 21


def test_a_text_is_one_object_until_its_file_changes() -> None:
    name = "<a file that changes>"
    for said in ("one = 1\n", "two = 2\n"):
        linecache.cache[name] = (len(said), None, [said], name)
        assert source.text(name) == said
        assert source.text(name) is source.text(name)
    del linecache.cache[name]
    assert source.text(name) == ""


def test_what_was_kept_is_read_anew_once_it_is_forgotten() -> None:
    first = source.parse(BLOCKS)
    assert source.parse(BLOCKS) is first
    source.forget()
    assert source.parse(BLOCKS) is not first
