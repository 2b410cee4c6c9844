"""Who may do what in the package: each kind of work has its room, and the house stays in order.

`house_debts.toml` names the modules that do not keep to a rule yet. It may only shrink: a module
that is named without need fails the test as one that is not named does. What is mended is taken out
by `python tests/test_house.py`.
"""

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from test_layers import PACKAGE, imports, module_of  # type: ignore[import-not-found]

DEBTS = Path(__file__).with_name("house_debts.toml")
FILES = sorted(PACKAGE.rglob("*.py"))
MOST_MODULES = 25  # in one folder: beyond that nobody finds the one that they look for
OF_ONE_MODE = re.compile(r"lc\d{3}_\w+")  # one file for each mode: those are found by their names
WALKS = frozenset({"walk", "iter_child_nodes"})
FRAMES = frozenset({"f_locals", "f_globals"})
MOCKS = ("_mock_", "_spec_")
HOOKS = frozenset(
    {
        "setprofile",
        "settrace",
        "setprofile_all_threads",
        "settrace_all_threads",
        "set_asyncgen_hooks",
        "set_coroutine_origin_tracking_depth",
        "addaudithook",
        "monitoring",
    }
)

Rule = Callable[[ast.Module], bool]


@cache
def text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(text(file))


def _walks_trees(module: ast.Module) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in WALKS
        and isinstance(node.value, ast.Name)
        and node.value.id == "ast"
        for node in ast.walk(module)
    )


def _parses(module: ast.Module) -> bool:
    """True for `ast.parse`, which a finalizer or a deep stack breaks: see source/parsing.py."""
    return any(
        isinstance(node, ast.Call) and ast.unparse(node.func) == "ast.parse"
        for node in ast.walk(module)
    )


def _reads_names_of_frames(module: ast.Module) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr in FRAMES for node in ast.walk(module))


def _reads_the_line_of_a_frame(module: ast.Module) -> bool:
    """True for `frame.f_lineno`, which is None where an instruction has no line."""
    return any(
        isinstance(node, ast.Attribute) and node.attr == "f_lineno" for node in ast.walk(module)
    )


def _looks_into_mocks(module: ast.Module) -> bool:
    said = (
        node.attr if isinstance(node, ast.Attribute) else node.value
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute | ast.Constant)
    )
    return any(isinstance(name, str) and name.startswith(MOCKS) for name in said)


def _uses_gc(module: ast.Module) -> bool:
    return any(
        (isinstance(node, ast.Import) and any(one.name == "gc" for one in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module == "gc")
        for node in ast.walk(module)
    )


def _hooks_into_the_process(module: ast.Module) -> bool:
    """True for hooks of `sys`, and for a value that is given to a name of a module of others."""
    foreign = {
        (one.asname or one.name).partition(".")[0]
        for node in ast.walk(module)
        if isinstance(node, ast.Import)
        for one in node.names
        if not one.name.startswith("loopcheck")
    }
    return any(_is_hook(node, foreign) for node in ast.walk(module))


def _is_hook(node: ast.AST, foreign: set[str]) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id="sys" | "threading"), attr=name) if name in HOOKS:
            return True
        case ast.Call(func=ast.Name(id="setattr"), args=[ast.Name(id=name), *_]):
            return name in foreign
        case ast.Assign(targets=targets):
            return any(_root(target) in foreign for target in targets)
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            return _root(target) in foreign
    return False


def _root(target: ast.expr) -> str | None:
    """Return the module's name in `asyncio.events.new_event_loop = …`, None of other targets."""
    if not isinstance(target, ast.Attribute):
        return None
    value = target.value
    while isinstance(value, ast.Attribute):
        value = value.value
    return value.id if isinstance(value, ast.Name) else None


def _reads_pytests_operands(module: ast.Module) -> bool:
    """True for the names under which pytest keeps the parts of an `assert`."""
    texts = (node.value for node in ast.walk(module) if isinstance(node, ast.Constant))
    return any(isinstance(text, str) and text.startswith("@py_") for text in texts)


def _words_the_warning(module: ast.Module) -> bool:
    """True for a text of its own like Python's warning about a coroutine that was never awaited."""
    texts = (part for node in ast.walk(module) for part in getattr(node, "values", ()))
    said = (part.value for part in texts if isinstance(part, ast.Constant))
    return any(isinstance(text, str) and text.startswith("coroutine '") for text in said)


def _reads_the_module_of_a_frame(module: ast.Module) -> bool:
    return any(
        isinstance(node, ast.Call | ast.Subscript)
        and '"__name__"' in (said := ast.unparse(node).replace("'", '"'))
        and re.search(r"f_globals(\.get\(|\[|, )\"__name__\"", said) is not None
        for node in ast.walk(module)
    )


# What is done, the words that a file needs for it, and the places whose work it is.
RULES: dict[str, tuple[Rule, re.Pattern[str], tuple[str, ...]]] = {
    "walks over syntax trees": (_walks_trees, re.compile(r"\bast\.\w"), ("source/",)),
    "parses": (
        _parses,
        re.compile(r"ast\.parse"),
        ("source/parsing.py", "modes/catalogue.py", "lab/"),
    ),
    "names of frames": (
        _reads_names_of_frames,
        re.compile("|".join(FRAMES)),
        ("source/", "process/"),
    ),
    "the line of a frame": (
        _reads_the_line_of_a_frame,
        re.compile("f_lineno"),
        ("process/frames.py", "watch/"),  # a watch is called by code that has a line
    ),
    "the module of a frame": (
        _reads_the_module_of_a_frame,
        re.compile("f_globals"),
        ("process/frames.py",),
    ),
    "pytest's operands": (
        _reads_pytests_operands,
        re.compile("@py_"),
        ("source/values/asserted_values.py",),
    ),
    "the warning about a coroutine": (
        _words_the_warning,
        re.compile("coroutine '"),
        ("source/coroutines/unawaited_warnings.py",),
    ),
    "insides of mocks": (_looks_into_mocks, re.compile("|".join(MOCKS)), ("process/",)),
    "the garbage collector": (
        _uses_gc,
        re.compile(r"\bgc\b"),
        ("collector.py", "process/heap.py", "process/reach.py", "one_process/fresh_state.py"),
    ),
    "hooks": (
        _hooks_into_the_process,
        re.compile(r"\w\.\w+ = |setattr|" + "|".join(HOOKS)),
        ("watch/", "one_process/"),  # the second stands in for what a platform lacks
    ),
}


def debts(rule: str) -> list[str]:
    known: dict[str, list[str]] = tomllib.loads(DEBTS.read_text(encoding="utf-8"))
    return known[rule]


def verdict(rule: str, broken: set[str]) -> str:
    """Return what is new and what is paid, a line each; nothing if the debts are as named."""
    named = debts(rule)
    assert named == sorted(set(named)), f"{DEBTS.name}, {rule!r}: not in order, or named twice"
    new = [f"{one}: {rule} are not its work" for one in sorted(broken - set(named))]
    paid = [f"{one}: mended: python tests/test_house.py" for one in named if one not in broken]
    return "\n".join([*new, *paid])


@pytest.mark.parametrize("rule", RULES)
def test_each_kind_of_work_is_done_in_its_room(rule: str) -> None:
    assert not (told := verdict(rule, strangers(rule))), f"\n{told}"


def strangers(rule: str) -> set[str]:
    """Return the modules that do this kind of work outside of its rooms."""
    does, words, rooms = RULES[rule]
    named = {file.relative_to(PACKAGE).as_posix(): file for file in FILES}
    return {
        name
        for name, file in named.items()
        if not name.startswith(rooms) and words.search(text(file)) and does(tree(file))
    }


@pytest.mark.parametrize(
    ("rule", "text", "breaks"),
    [
        ("walks over syntax trees", "import ast\nfor one in ast.walk(tree): one", True),
        ("walks over syntax trees", "import ast\nkind = ast.Name", False),
        ("parses", "import ast\ntree = ast.parse(text)", True),
        ("parses", "from loopcheck.source import parsing\ntree = parsing.parsed(text)", False),
        ("names of frames", "frame.f_locals['self']", True),
        ("names of frames", "frame.f_code", False),
        ("the line of a frame", "place(code, frame.f_lineno or 0)", True),
        ("the line of a frame", "place(code, line_at(frame))", False),
        ("the module of a frame", "str(frame.f_globals.get('__name__', ''))", True),
        ("the module of a frame", "dict.get(frame.f_globals, '__name__')", True),
        ("the module of a frame", "module_of(frame)", False),
        ("pytest's operands", "name.startswith('@py_assert')", True),
        ("pytest's operands", "asserted_values.operands(frame)", False),
        ("the warning about a coroutine", "f\"coroutine '{name}' was never awaited\"", True),
        ("the warning about a coroutine", "SAYS = (\"coroutine '…' was never awaited\",)", False),
        ("insides of mocks", "mock._mock_return_value", True),
        ("insides of mocks", "peek(mock, '_spec_class')", True),
        ("insides of mocks", "mock.return_value", False),
        ("the garbage collector", "def f():\n    import gc", True),
        ("the garbage collector", "from loopcheck import collector", False),
        ("hooks", "import sys\nsys.setprofile(look)", True),
        ("hooks", "import asyncio.events\nasyncio.events.new_event_loop = ours", True),
        ("hooks", "import asyncio\nsetattr(asyncio, name, ours)", True),
        ("hooks", "import asyncio\nself.loop = asyncio.new_event_loop()", False),
        ("hooks", "from loopcheck.watch import loops\nloops.LEDGER = one", False),
    ],
)
def test_a_planted_line_is_judged(rule: str, text: str, breaks: bool) -> None:
    assert RULES[rule][0](ast.parse(text)) is breaks


# No cycle


def links() -> dict[str, set[str]]:
    """Return the modules that each module imports: on top, late, and for types alone."""
    names = {module_of(file): file for file in FILES}
    return {
        name: {one.name for one in imports(text(file)) if one.name in names and one.name != name}
        for name, file in names.items()
    }


def in_cycles(graph: dict[str, set[str]]) -> set[str]:
    """Return the nodes that lead back to themselves."""
    left = dict(graph)
    while ends := {name for name, to in left.items() if to.isdisjoint(left)}:
        left = {name: to for name, to in left.items() if name not in ends}
    return {name for name in left if name in reachable(left, name)}


def reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    todo = list(graph[start])
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += graph.get(name, ())
    return found


def test_no_module_imports_itself_on_a_detour() -> None:
    """A cycle means that a class is in the wrong file, also where an import is late or typing's."""
    told = verdict("imports in a cycle", in_cycles(links()))
    assert not told, f"\n{told}"


def test_a_planted_cycle_is_found() -> None:
    assert in_cycles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == {"b", "c"}


# Folders that can be overlooked


def crowded(files: list[Path]) -> Iterator[str]:
    """Yield the folders that hold too many modules."""
    for folder in sorted({file.parent for file in files}):
        here = [file.stem for file in files if file.parent == folder]
        own = [stem for stem in here if stem != "__init__" and not OF_ONE_MODE.fullmatch(stem)]
        if len(own) > MOST_MODULES:
            yield f"{folder.relative_to(PACKAGE).as_posix()}/"


def test_no_folder_holds_more_modules_than_can_be_overlooked() -> None:
    told = verdict("too many modules", set(crowded(FILES)))
    assert not told, f"\n{told}"


def test_a_debt_that_is_paid_must_go() -> None:
    rule = "too many modules"
    [*named] = debts(rule)
    assert "mended: python" in verdict(rule, set(named[1:])) or not named
    assert f"new/: {rule} are not its work" in verdict(rule, {*named, "new/"})


# Tests where a reader looks for them

OF_NO_ROOM = {"bench", "browser", "hard", "workshop"}  # how the whole of it is used


def test_the_tests_of_a_room_are_in_the_folder_of_its_name() -> None:
    rooms = {file.parent.name for file in PACKAGE.glob("*/__init__.py")}
    folders = {file.parent.name for file in DEBTS.parent.glob("*/test_*.py")}
    strange = sorted(folders - rooms - OF_NO_ROOM)
    assert not strange, f"tests/{strange[0]}/ is named like no room: {', '.join(sorted(rooms))}"


def pay() -> None:
    """Take out of the debts what is mended; what is new stays for the test to refuse."""
    broken = {rule: strangers(rule) for rule in RULES}
    broken["imports in a cycle"] = in_cycles(links())
    broken["too many modules"] = set(crowded(FILES))
    page = DEBTS.read_text(encoding="utf-8").partition("\n")[0] + "\n"
    for rule, now in broken.items():
        lines = "".join(f'    "{one}",\n' for one in sorted(debts(rule)) if one in now)
        page += f'\n"{rule}" = [\n{lines}]\n'
    DEBTS.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    pay()
