"""Test files whose name pytest does not look for: it got them as arguments, and took none."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loopcheck.source import mentions, parsed_files
from loopcheck.source.definitions import Def, Kinds, checks, fixture

if TYPE_CHECKING:
    from loopcheck.labels import Labels
    from loopcheck.records import LostTests

WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


def read(path: Path, node: Any, labels: Labels) -> LostTests | None:
    """Return the tests of a file whose name pytest does not look for. *node* is any collector.

    A name without the word "test" is no mistake: `bench_cart.py` is not collected, and run by hand.
    """
    words = [word.lower() for word in WORDS.findall(path.stem)]
    if not words or not {"test", "tests"} & {words[0], words[-1]} or path.name[0] in "._":
        return None
    tree = parsed_files.tree(str(path))
    own = [one for one in tree.body if isinstance(one, Kinds)] if tree is not None else []
    tests = [one for one in own if _is_lost(one, node)]
    others = [one for one in own if one not in tests and not fixture(one)]
    if tree is None or not tests or _is_script(tree):
        return None
    if any(node.funcnamefilter(one.name) for one in others):
        return None
    root = Path(node.config.rootpath)
    if mentions.elsewhere(path.stem, path, root, everywhere=True):
        return None
    from loopcheck.records import LostTests, Place  # late: most files have no lost tests

    return LostTests(
        how="file name",
        name=path.name,
        place=Place(labels.file(str(path)), tests[0].lineno, tests[0].name),
        tests=tuple(one.name for one in tests),
        patterns=tuple(node.config.getini("python_files")),
    )


def _is_lost(one: Kinds, node: Any) -> bool:
    if isinstance(one, Def):
        return bool(node.funcnamefilter(one.name)) and checks(one) and not fixture(one)
    methods: Sequence[ast.stmt] = one.body if _class_of_tests(one, node) else ()
    return any(isinstance(each, Def) and _is_lost(each, node) for each in methods)


def _class_of_tests(one: ast.ClassDef, node: Any) -> bool:
    bases = {ast.unparse(base).rpartition(".")[2] for base in one.bases}
    return bool(node.classnamefilter(one.name)) or any(b.endswith("TestCase") for b in bases)


def _is_script(tree: ast.Module) -> bool:
    """Return whether the file is to be run as a script: it has an `if __name__ …` block."""
    return any(isinstance(one, ast.If) and "__name__" in ast.unparse(one.test) for one in tree.body)
