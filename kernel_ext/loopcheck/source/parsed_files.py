"""The source of a line: files are read through linecache, never imported."""

from __future__ import annotations

import ast
import linecache
import re
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from types import CodeType
from typing import Any, Literal, TypeGuard, TypeVar

from loopcheck.source import parsing, project_files
from loopcheck.source.assignments import assignments_in
from loopcheck.source.definitions import Def, first_line
from loopcheck.source.nodes import head_spans_line, results_of, spans_line

FILES = 64  # whose texts and trees are kept
LINES = 256  # whose nodes are kept
ENDS = 20  # lines to try as the last one of a function
Spot = tuple[int | None, int | None, int | None, int | None]
UNKNOWN: Spot = (None, None, None, None)
Reads = TypeVar("Reads", bound=Callable[..., Any])

_texts: dict[str, tuple[list[str], str]] = {}  # linecache's lines, and the text made from them
_forget: list[Callable[[], None]] = [_texts.clear]
parsed = 0  # how many texts were parsed: code that drops trees checks it for new ones


def kept(most: int) -> Callable[[Reads], Reads]:
    """Keep the latest *most* results of a function that reads sources, until `forget`."""

    def keeping(reads: Reads) -> Reads:
        keeps: Any = lru_cache(most)(reads)
        _forget.append(keeps.cache_clear)
        return keeps  # type: ignore[no-any-return]

    return keeping


def forget() -> None:
    """Drop all trees: each collection of the process would visit their hundred thousand nodes."""
    for one in _forget:
        one()


def text(filename: str) -> str:
    """Return the text of *filename*; only linecache has a cell's.

    We return the same object while linecache keeps its lines. All caches find a text by its hash,
    and hashing a new object takes the file's whole length each time.
    """
    lines = linecache.getlines(filename)
    known = _texts.get(filename)
    if known is not None and known[0] is lines:
        return known[1]
    if len(_texts) >= FILES:
        _texts.clear()
    found = "".join(lines)
    _texts[filename] = lines, found
    return found


def cells() -> tuple[str, ...]:
    """Return the file names of the cells that ran, the newest first; a rerun counts once."""
    by_text: dict[str, str] = {}
    for name in reversed(list(linecache.cache)):
        if project_files.is_cell(name):
            by_text.setdefault(text(name), name)
    return tuple(by_text.values())


@kept(FILES)
def parse(source: str) -> ast.Module | None:
    """Return the syntax tree of *source*, None if it does not parse."""
    return _parsed(source)


def _parsed(source: str) -> ast.Module | None:
    global parsed
    parsed += 1
    found = parsing.parsed(source)
    return found if isinstance(found, ast.Module) else None


def tree(filename: str) -> ast.Module | None:
    """Return the syntax tree of *filename*, None if there is no text or it does not parse."""
    source = text(filename)
    return parse(source) if source else None


def has_word(filename: str, name: str, *, called: bool = False) -> bool:
    """Return whether the text of *filename* has *name* as a word: parsing takes longer.

    `own` is not in `known`: a short name is a part of words in most files. With *called*, a
    parenthesis has to follow it.
    """
    words = text(filename)
    end = r"\s*\(" if called else r"\b"
    return name in words and re.search(rf"\b{re.escape(name)}{end}", words) is not None


def tree_with(filename: str, name: str, *, called: bool = False) -> ast.Module | None:
    """Return the syntax tree of *filename* if its text has the word *name*."""
    return tree(filename) if has_word(filename, name, called=called) else None


def statements(module: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements in *module* and the nodes with statements, in the order of `ast.walk`.

    They are a tenth of all nodes.
    """
    todo: deque[ast.AST] = deque([module])
    while todo:
        node = todo.popleft()
        yield node
        for field in ("body", "handlers", "orelse", "finalbody", "cases"):
            todo.extend(getattr(node, field, ()))


def step_at(
    filename: str, line: int, span: tuple[int, int, int] | None
) -> Literal["await", "raise", "other"]:
    """Return what the failing line does: awaits, raises by itself, or something else."""
    nodes = list(covering(filename, line, span))
    if any(isinstance(node, ast.Raise) for node in nodes):
        return "raise"
    awaits = (ast.Await, ast.AsyncWith, ast.AsyncFor)
    return "await" if any(isinstance(node, awaits) for node in nodes) else "other"


def covering(
    filename: str, line: int, span: tuple[int, int, int] | None
) -> Iterator[ast.stmt | ast.expr]:
    """Yield the nodes that are, or contain, what fails at *line*, outermost first."""
    for node in standing_at(filename, line):
        if isinstance(node, ast.stmt | ast.expr) and covers(node, line, span):
            yield node


def spot(code: CodeType, instruction: int) -> Spot:
    """Return an instruction's position by *code*: line, last line, column, last column."""
    if instruction < 0:
        return UNKNOWN
    return next(islice(code.co_positions(), instruction // 2, None), UNKNOWN)


def standing_at(filename: str, *lines: int) -> Iterator[ast.AST]:
    """Yield the nodes of *filename* that span one of *lines*, outermost first."""
    source = text(filename)
    yield from _reaching(source, lines) if source else ()


@kept(LINES)
def _reaching(source: str, lines: tuple[int, ...]) -> tuple[ast.AST, ...]:
    """Return what stands at *lines*: dozens of modes need the line that failed."""
    module = parse(source)
    return tuple(reaching(module, *lines)) if module is not None else ()


def reaching(module: ast.AST, *lines: int) -> Iterator[ast.AST]:
    """Yield the nodes of *module* that span one of *lines*, outermost first."""
    todo: deque[ast.AST] = deque([module])
    wanted = tuple(sorted(lines))
    while todo:
        node = todo.popleft()
        yield node
        todo.extend(one for one in ast.iter_child_nodes(node) if reaches(one, wanted))


def reaches(node: ast.AST, lines: tuple[int, ...]) -> bool:
    """Return whether *node* spans one of the sorted *lines*.

    A node without a position may contain one.
    """
    first = getattr(node, "lineno", None)
    if first is None:
        return True
    last = getattr(node, "end_lineno", None) or first
    above = [one.lineno for one in getattr(node, "decorator_list", ())]
    first = min([first, *above])
    nearest = bisect_left(lines, first)
    return nearest < len(lines) and lines[nearest] <= last


def covers(node: ast.AST, line: int, span: tuple[int, int, int] | None) -> bool:
    """Return whether *node* is, or contains, what fails at *line*."""
    if not isinstance(node, ast.stmt | ast.expr):
        return False
    if isinstance(node, ast.AsyncWith | ast.AsyncFor):
        return head_spans_line(node, line)
    if isinstance(node, ast.stmt) and hasattr(node, "body"):
        return False  # a block spans lines that it does not run
    end = node.end_lineno or node.lineno
    if span is None or span[0] != line:
        return node.lineno <= line <= end
    first, start, stop = span  # columns of the failing instruction, if Python has them
    begins = (node.lineno, node.col_offset) <= (first, start)
    return begins and (end, node.end_col_offset or 0) >= (first, stop)


def names_at(filename: str, line: int) -> frozenset[str]:
    """Return the names that the statement at *line* mentions."""
    return frozenset(node.id for node in nodes_at(filename, line) if isinstance(node, ast.Name))


def nodes_at(filename: str, line: int) -> Iterator[ast.expr]:
    """Yield the expressions at *line*."""
    for node in standing_at(filename, line):
        if isinstance(node, ast.expr):
            yield node


def lambdas(code: CodeType) -> list[ast.Lambda]:
    """Return the lambdas that *code* may belong to: two on one line can't be distinguished."""
    here = nodes_at(code.co_filename, code.co_firstlineno)
    return [n for n in here if isinstance(n, ast.Lambda) and n.lineno == code.co_firstlineno]


def body_of(code: CodeType) -> list[ast.stmt] | list[ast.expr]:
    """Return what a call of *code* runs: the statements of a function, or a lambda's expression."""
    if code.co_name == "<lambda>":
        found = lambdas(code)
        return [found[0].body] if len(found) == 1 else []
    block = function_of(code)
    return block.body if block is not None else []


def results_of_code(code: CodeType) -> Iterator[ast.expr]:
    """Yield the expressions that a call of *code* may return, also of a lambda."""
    if code.co_name == "<lambda>":
        yield from (one for one in body_of(code) if isinstance(one, ast.expr))
    else:
        yield from results_of(function_of(code), (ast.Return,))


def defined_within(filename: str, line: int, name: str) -> bool:
    """Return whether the function around *line* defines a function *name*: no other can call it."""
    around = enclosing(filename, line)[:1]
    nodes = (one for function in around for one in ast.walk(function) if one is not function)
    return any(isinstance(one, Def) and one.name == name for one in nodes)


def function_at(filename: str, line: int) -> Def | None:
    """Return the function whose decorators or `def` are at *line*, innermost first."""
    for first, node in _heads(text(filename)):
        if first <= line <= node.lineno:
            return node
    return None


def function_of(code: CodeType) -> Def | None:
    """Return the function that *code* belongs to."""
    return function_at(code.co_filename, code.co_firstlineno)


def alone(filename: str, first: int, name: str) -> Def | None:
    """Return the function *name*, whose code begins in line *first*, parsed from its lines alone.

    Most files take a hundred times as long. The lines and columns are those of the file.
    """
    lines = linecache.getlines(filename)
    if not 0 < first <= len(lines) or name.startswith("<"):
        return None
    edge = len(lines[first - 1]) - len(lines[first - 1].lstrip())
    # An indented function goes into an `if` on the line before it.
    above = "\n" * (first - 2) + "if 1:\n" if edge else "\n" * (first - 1)
    for end in islice(_ends(lines, first, edge), ENDS):
        found = _parsed(above + "".join(lines[first - 1 : end]))
        if found is not None:
            node: ast.AST = found.body[-1]
            node = node.body[-1] if edge and isinstance(node, ast.If) else node
            if _is_it(node, first, name):
                return node
            break
    whole = function_at(filename, first)  # for texts at the edge, for example, or many decorators
    return whole if _is_it(whole, first, name) else None


def _is_it(node: ast.AST | None, first: int, name: str) -> TypeGuard[Def]:
    return isinstance(node, Def) and node.name == name and first_line(node) == first


def _ends(lines: list[str], first: int, edge: int) -> Iterator[int]:
    """Yield where a block may end: before a line without indentation, even in a text."""
    for at in range(first, len(lines)):
        text = lines[at].lstrip()
        if text and len(lines[at]) - len(text) <= edge and not text.startswith("#"):
            yield at
    yield len(lines)


@kept(FILES)
def _heads(source: str) -> tuple[tuple[int, Def], ...]:
    """Return the functions of a file, each with its first line: one table needs hundreds."""
    module = parse(source) if source else None
    return tuple(
        (first_line(node), node)
        for node in (statements(module) if module else ())
        if isinstance(node, Def)
    )


def enclosing(filename: str, line: int) -> list[Def]:
    """Return the functions around *line*, innermost first."""
    return around(text(filename), line)


def around(source: str, line: int) -> list[Def]:
    """Return the functions around *line* of the file with this text, innermost first."""
    return [*_around(source, line)]


@kept(LINES)
def _around(source: str, line: int) -> tuple[Def, ...]:
    found = [node for _, node in _heads(source) if spans_line(node, line)]
    return tuple(sorted(found, key=lambda node: -node.lineno))


def class_named(filename: str, qualname: str) -> ast.ClassDef | None:
    """Return the class *qualname* (dotted, `<locals>` allowed) of *filename*."""
    module = tree(filename)
    last = qualname.rpartition(".")[2]
    found = [
        node
        for node in (statements(module) if module else ())
        if isinstance(node, ast.ClassDef) and node.name == last
    ]
    return found[0] if len(found) == 1 else None


def class_of(filename: str, method: Def) -> ast.ClassDef | None:
    """Return the class whose body defines *method*."""
    module = tree(filename)
    for node in statements(module) if module is not None else ():
        if isinstance(node, ast.ClassDef) and method in node.body:
            return node
    return None


def assigned(block: ast.AST, target: str) -> int | None:
    """Return the line of *block* that creates *target* ("client", "self.store").

    A line that calls something beats one that only assigns a value (`client = None`).
    """
    lines = list(_assignments(block, target))
    made = [line for line, value in lines if _makes(value)]
    if made:
        return made[-1]
    kept = [line for line, value in lines if not isinstance(value, ast.Constant)]
    return kept[-1] if kept else None


def _makes(value: ast.AST | None) -> bool:
    return value is not None and any(isinstance(node, ast.Call) for node in ast.walk(value))


def _assignments(block: ast.AST, target: str) -> Iterator[tuple[int, ast.AST | None]]:
    for one in assignments_in(block):
        if one.how in ("assigned", "entered") and one.sets(target):
            yield one.line, one.value


def _dotted(node: ast.AST) -> str:
    return ast.unparse(node)


def in_body(block: ast.ClassDef, target: str, *, filled: bool = False) -> int | None:
    """Return the line of a class's own body that creates *target*; *filled* later: `seen = []`."""
    plain = [node for node in block.body if not isinstance(node, _BLOCKS)]
    lines = _assignments(ast.Module(body=plain, type_ignores=[]), target)
    kinds = (ast.List, ast.Dict, ast.Set)
    found = (
        line for line, value in lines if (isinstance(value, kinds) if filled else _makes(value))
    )
    return max(found, default=None)


def own_lines(module: ast.Module, target: str) -> int | None:
    """Return the line that creates the module global *target*, also through `global target`."""
    block = ast.Module(body=[], type_ignores=[])
    for node in ast.walk(module):
        if isinstance(node, Def):
            says = (n.names for n in ast.walk(node) if isinstance(n, ast.Global))
            if any(target in names for names in says):
                block.body.append(node)
    block.body += [node for node in module.body if not isinstance(node, _BLOCKS)]
    return assigned(block, target)


_BLOCKS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def imported_from(module: ast.Module, name: str) -> tuple[str, str, int] | None:
    """Return (module, name there, level of dots) of the import of *name*."""
    for node in statements(module):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return node.module or "", alias.name, node.level
    return None


def imported_as(module: ast.Module, name: str) -> str | None:
    """Return the module that `import module as name` brings; None if no line does."""
    for node in statements(module):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname == name:
                    return alias.name
    return None


def made_in(function: Def) -> int | None:
    """Return the line of a fixture or factory *function* that creates its return value."""
    value = next(results_of(function), None)
    if isinstance(value, ast.Name):
        return assigned(function, value.id) or value.lineno
    return value.lineno if value is not None else None


def given(function: Def) -> list[str]:
    """Return the names that *function* passes to its returned call: `return Cart(store)`."""
    made = (one for one in results_of(function) if isinstance(one, ast.Call))
    arguments = (arg for call in made for arg in (*call.args, *(k.value for k in call.keywords)))
    return [arg.id for arg in arguments if isinstance(arg, ast.Name)]


def default_of(filename: str, line: int, argument: str) -> int | None:
    """Return the line of the default that the function at *line* creates for *argument*."""
    return next((at for name, at in _defaults(filename, line) if name == argument), None)


def defaults(filename: str, line: int) -> list[int]:
    """Return the lines of all defaults that the function at *line* creates."""
    return [at for _, at in _defaults(filename, line)]


def _defaults(filename: str, line: int) -> Iterator[tuple[str, int]]:
    function = function_at(filename, line)
    if function is None:
        return
    spec = function.args
    plain = [*spec.posonlyargs, *spec.args]
    given = [*zip(plain[::-1], spec.defaults[::-1], strict=False)]
    given += [(a, d) for a, d in zip(spec.kwonlyargs, spec.kw_defaults, strict=True) if d]
    yield from ((a.arg, d.lineno) for a, d in given if _makes(d) and not _asks(d))


def _asks(default: ast.expr) -> bool:
    """Return whether a framework replaces *default* with another value at each call."""
    return isinstance(default, ast.Call) and _dotted(default.func).endswith(ASKS)


ASKS = ("Depends", "Security")  # of FastAPI
