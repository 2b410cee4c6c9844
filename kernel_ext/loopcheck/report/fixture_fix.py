"""A fixture's definition as it should read: a diff to copy, never written anywhere."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterator, Sequence

from loopcheck.light import dataclass
from loopcheck.modes.finding import Finding
from loopcheck.records import SCOPES, DefinedFixture

Def = ast.FunctionDef | ast.AsyncFunctionDef
LOOP = "event_loop"
# The first line of a cell, as Python gets it: `%%asyncfixture` in the notebook, and it stays first.
HEAD = re.compile(r"get_ipython\(\)\.run_line_magic\('asyncfixture', 'cell ?(.*)'\)")
FINALLY = (
    "`finally`: the clean-up runs, too, when the fixture is cancelled or closed where it waits."
)


@dataclass(frozen=True)
class Edit:
    """Lines of a file (from 1, the last one excluded), and their replacement."""

    first: int
    last: int
    lines: tuple[str, ...]


def mended(
    text: str, function: Def, one: DefinedFixture, found: Sequence[Finding]
) -> tuple[str, list[str]]:
    """Return the corrected text of a file, and a reason for each change."""
    lines, codes = text.splitlines(), {finding.code: finding for finding in found}
    edits: list[Edit] = []
    reasons: list[str] = []
    module = ast.parse(text)
    if (mark := _mark(function)) is not None and ("LC301" in codes or _refused(one)):
        edits.append(_decorator(mark, one, text, renamed="LC301" in codes))
        reasons += [_reason(codes[code]) for code in ("LC301", "LC106") if code in codes]
        if "LC301" in codes and not _imports(module, "pytest_asyncio"):
            edits.append(_import(module, "pytest_asyncio"))
    if "LC302" in codes and one.fixture.name != LOOP:
        reasons.append(_reason(codes["LC302"]))
        edits += _without_loop(function, lines)
        if _uses(function, LOOP) and not _imports(module, "asyncio"):
            edits.append(_import(module, "asyncio"))
    if (split := _bare_yield(function)) is not None and one.form == "generator":
        edits.append(_in_finally(function, split, lines))
        reasons.append(FINALLY)
    return _applied(lines, edits), reasons


def difference(before: str, after: str, file: str) -> str:
    """Return the changes, in the format of `diff -u`."""
    was, is_now = (list(map(_typed, text.splitlines())) for text in (before, after))
    made = difflib.unified_diff(was, is_now, file, f"{file} (mended)", n=3, lineterm="")
    return "\n".join(made)


def _typed(line: str) -> str:
    """Return *line* as the cell has it."""
    head = HEAD.fullmatch(line)
    return f"%%asyncfixture {head[1]}".rstrip() if head else line


def _reason(finding: Finding) -> str:
    return f"{finding.code}: {finding.what}"


def _refused(one: DefinedFixture) -> bool:
    loop, scope = one.fixture.loop_scope, one.fixture.scope
    if loop not in SCOPES or scope not in SCOPES:
        return False
    return SCOPES.index(loop) < SCOPES.index(scope)


def _mark(function: Def) -> ast.expr | None:
    marks = [one for one in function.decorator_list if "fixture" in ast.unparse(one)]
    return marks[0] if marks else None


def _decorator(mark: ast.expr, one: DefinedFixture, text: str, *, renamed: bool) -> Edit:
    call = mark if isinstance(mark, ast.Call) else None
    words = [] if call is None else [ast.get_source_segment(text, arg) or "" for arg in call.args]
    scope = one.fixture.scope
    for keyword in call.keywords if call is not None else ():
        if keyword.arg != "loop_scope" or scope == "function":
            value = ast.get_source_segment(text, keyword.value)
            words.append(f"{keyword.arg}={value}" if keyword.arg else f"**{value}")
    if scope != "function":
        words.append(f'loop_scope="{scope}"')
    name = ast.unparse(call.func if call is not None else mark)
    name = "pytest_asyncio.fixture" if renamed else name
    said = f"({', '.join(words)})" if words else ""
    indent = " " * (mark.col_offset - 1)
    return Edit(mark.lineno, (mark.end_lineno or mark.lineno) + 1, (f"{indent}@{name}{said}",))


def _imports(module: ast.Module, name: str) -> bool:
    return any(
        alias.name == name
        for node in module.body
        if isinstance(node, ast.Import)
        for alias in node.names
    )


def _import(module: ast.Module, name: str) -> Edit:
    """Return an import of *name* below the last one of the kind."""
    last = [node for node in module.body if isinstance(node, ast.Import)]
    top = module.body[:1]
    first = ast.get_docstring(module) is not None or any(HEAD.match(ast.unparse(n)) for n in top)
    above = (last or (top if first else []))[-1:]
    line = (above[0].end_lineno or above[0].lineno) + 1 if above else 1
    return Edit(line, line, (f"import {name}",))


def _uses(function: Def, name: str) -> list[ast.Name]:
    return [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == name]


def _without_loop(function: Def, lines: list[str]) -> Iterator[Edit]:
    """Yield the lines of a fixture without its `event_loop` argument."""
    spans: dict[int, list[tuple[int, int, str]]] = {}
    for argument in (*function.args.args, *function.args.kwonlyargs):
        if argument.arg == LOOP:
            end = argument.end_col_offset or argument.col_offset
            spans.setdefault(argument.lineno, []).append((argument.col_offset, end, ""))
    for name in _uses(function, LOOP):
        end = name.end_col_offset or name.col_offset
        instead = "asyncio.get_running_loop()"
        spans.setdefault(name.lineno, []).append((name.col_offset, end, instead))
    for number, found in sorted(spans.items()):
        line = lines[number - 1]
        for start, end, said in sorted(found, reverse=True):
            before, after = line[:start], line[end:]
            if not said and after.lstrip().startswith(","):
                after = after.lstrip()[1:].lstrip()
            elif not said:
                before = before.rstrip().removesuffix(",")
            line = f"{before}{said}{after}"
        yield Edit(number, number + 1, (line,))


def _bare_yield(function: Def) -> int | None:
    """Return the index of a `yield` that is a statement of its own, with a clean-up below it."""
    for index, node in enumerate(function.body[:-1]):
        value = getattr(node, "value", None) if isinstance(node, ast.Expr | ast.Assign) else None
        if isinstance(value, ast.Yield):
            return index
    return None


def _in_finally(function: Def, index: int, lines: list[str]) -> Edit:
    node, last = function.body[index], function.body[-1]
    first, end = node.lineno, last.end_lineno or last.lineno
    middle = node.end_lineno or node.lineno
    indent = " " * node.col_offset
    return Edit(
        first,
        end + 1,
        (
            f"{indent}try:",
            *(_deeper(line) for line in lines[first - 1 : middle]),
            f"{indent}finally:",
            *(_deeper(line) for line in lines[middle:end]),
        ),
    )


def _deeper(line: str) -> str:
    return f"    {line}" if line.strip() else line


def _applied(lines: list[str], edits: list[Edit]) -> str:
    made = list(lines)
    for edit in sorted(edits, key=lambda edit: (edit.first, edit.last), reverse=True):
        made[edit.first - 1 : edit.last - 1] = edit.lines
    return "\n".join(made) + "\n"
