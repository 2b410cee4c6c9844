"""Syntax trees of the user's files, also where Python itself is upset."""

import ast
import gc

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
