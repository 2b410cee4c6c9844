"""Plants a bug in each mended sample that its tests notice, and stores it in `planted.json`.

`python tests/modes/plant_bugs.py --write [FOLDER…]` keeps the bugs that the tests still notice and
looks for one where none is. Without `--write` it only prints which samples have none.
"""

import ast
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from samples import Bench, Sample, bench, collect
from test_edits import CHOSEN, KNOWN, PASSES, PLANTED, Bug, mend, run_texts

MOST = 8  # bugs to try in one sample
CHECKS = ("assert", "raises", "warns", "fail")
FILE = Path(__file__).with_name("planted.json")


def bugs(texts: dict[str, str]) -> Iterator[Bug]:
    """Yield bugs for the code under test, then for the data that the tests put into it."""
    for deep in (False, True):
        for file, text in texts.items():
            if file.endswith(".py"):
                for line, bug in _changes(ast.parse(text), text, in_tests=deep):
                    if [one.strip() for one in text.splitlines()].count(line) == 1:
                        yield Bug(file, line, bug)


def _changes(tree: ast.Module, text: str, *, in_tests: bool) -> Iterator[tuple[str, str]]:
    lines = text.splitlines()
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if in_tests != _is_of_tests(function):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.stmt) and node.lineno == node.end_lineno:
                line = lines[node.lineno - 1].strip()
                if any(word in line for word in CHECKS) or line.startswith(("async def", "def")):
                    continue
                said = ast.get_source_segment(text, node) or ""
                will_be = _other_data(node, said) if in_tests else _broken(node)
                if line.startswith(said) and will_be not in (None, said):
                    yield line, line.replace(said, str(will_be), 1)


def _is_of_tests(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    marks = map(ast.unparse, function.decorator_list)
    return function.name.lower().startswith(("test", "setup")) or any("fixture" in m for m in marks)


def _broken(node: ast.stmt) -> str | None:
    """Return the statement without what it does: its value is None, or nothing happens."""
    match node:
        case ast.Return(value=ast.expr()):
            return "return None"
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript() as target]):
            return f"{ast.unparse(target)} = None"
        case ast.Expr(value=ast.Call() | ast.Await()) | ast.AugAssign():
            return "pass"
    return None


def _other_data(node: ast.stmt, said: str) -> str | None:
    """Return the statement with another text or number in it."""
    if not isinstance(node, ast.Expr | ast.Assign):
        return None
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and type(one.value) in (str, int):
            was = ast.get_source_segment(said, one) if one.lineno == 1 else None
            was = was or (f'"{one.value}"' if type(one.value) is str else str(one.value))
            other = f'"{one.value}X"' if type(one.value) is str else str(one.value + 1)  # type: ignore[operator]
            if said.count(was) == 1:
                return said.replace(was, other)
    return None


def noticed(sample: Sample, servers: Bench) -> Bug | None:
    """Return a bug that the tests of a mended *sample* notice: the stored one if they do."""
    texts = mend(sample, servers).texts
    known = [PLANTED[sample.id]] if sample.id in PLANTED else []
    tries = (*known, *list(bugs(texts))[:MOST])
    return next((one for one in tries if _notice(one, sample, texts, servers)), None)


def _notice(bug: Bug, sample: Sample, texts: dict[str, str], servers: Bench) -> bool:
    try:
        broken = bug.planted(texts)
    except (KeyError, ValueError):  # the sample has changed since
        return False
    return run_texts(sample, broken, servers).failures > 0


def main() -> None:
    """Print the samples without a bug; `--write` stores those that were found."""
    write, folders = "--write" in sys.argv, [one for one in sys.argv[1:] if one[0] != "-"]
    wanted = [
        one for one in collect(*folders) if KNOWN.get(one.id) == PASSES and one.id not in CHOSEN
    ]
    looked_at = {one.id for one in wanted}
    kept = {one: asdict(bug) for one, bug in PLANTED.items() if KNOWN.get(one) == PASSES}
    found = {one: bug for one, bug in kept.items() if one not in looked_at}
    with bench() as servers:
        for sample in wanted:
            bug = noticed(sample, servers)
            if bug is None:
                print(f"{sample.id}: its tests notice no bug", flush=True)
            else:
                found[sample.id] = asdict(bug)
    print(f"{len(looked_at & found.keys())} of {len(looked_at)} samples have a bug")
    if write:
        said = json.dumps(dict(sorted(found.items())), indent=1, ensure_ascii=False)
        FILE.write_text(f"{said}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
