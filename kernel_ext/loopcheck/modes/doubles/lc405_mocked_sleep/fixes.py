"""The edits of LC405: a fake that yields to the event loop, through the real sleep."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.mock_edits import KINDS
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, called_name, dotted
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Kinds

REAL, FAKE = "real_sleep", "yield_to_loop"
POSITIONS = {"patch": 1, "object": 2}  # of the replacement
SETTERS = ("patch", "object", "setattr")


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the fake that yields, or the real sleep in the fake that there is."""
    if finding.remedy == ("real",):
        source, line = sources.at(finding.used_at)
        yield Edits(
            changes=tuple(_through_real(source, line)), safe=True, words="save the real one"
        )
        return
    source, line = sources.at(finding.where)
    changes = _yielding(source, _setter(source, line))
    yield Edits(changes=tuple(changes), safe=True, words="let the fake yield to the event loop")


def _through_real(source: Source, line: int) -> list[Edit]:
    """Return the changes that let a fake await the sleep that it replaces, saved before."""
    for call in source.calls_at(line, "sleep"):
        saved = f"{REAL} = {source.text_of(call.func)}"
        above = [] if saved in source.text else [_above_definitions(source, saved, "", "")]
        return [source.replace(call.func, REAL), *above]
    raise NoSplice("the fake sleeps elsewhere")


def _setter(source: Source, line: int) -> ast.Call:
    """Return the call that replaces the sleep, also of a patcher that *line* only starts."""
    for call in source.calls_at(line):
        if called_name(call) in SETTERS:
            return call
        if called_name(call) == "start" and isinstance(call.func, ast.Attribute):
            name = source.text_of(call.func.value)
            for node in source.nodes():
                match node:
                    case ast.Assign(targets=[target], value=ast.Call() as made):
                        same = source.function_of(node) is source.function_of(call)
                        if same and source.text_of(target) == name:
                            return made
    raise NoSplice("no patch at that line")


def _yielding(source: Source, setter: ast.Call) -> list[Edit]:
    asyncio = source.named("asyncio")
    lines = (
        f"{REAL} = {asyncio}.sleep",
        *("", "", f"async def {FAKE}(delay, result=None):"),
        f"{source.step}await {REAL}(0)",
        f"{source.step}return result",
        *("", ""),
    )
    if "\n".join(lines[3:6]) in source.text:  # an earlier edit's
        return _replaced(source, setter)
    if re.search(rf"\b({REAL}|{FAKE})\b", source.text):
        raise NoSplice(f"the file has `{REAL}` or `{FAKE}`")
    imports = source.add_import("asyncio")
    return [_above_definitions(source, *lines), *_replaced(source, setter), *imports]


def _replaced(source: Source, setter: ast.Call) -> list[Edit]:
    """Return the changes of what replaces the sleep: a mock keeps its calls, and gets the fake."""
    value = _value(setter)
    if value is None:
        return [source.set_keyword(setter, "side_effect", FAKE)]
    if not isinstance(value, ast.Call):
        return [source.replace(value, FAKE)]
    kind = dotted(value.func).rpartition(".")[2]
    if kind not in KINDS:
        raise NoSplice("what replaces it is made elsewhere")
    edits = [source.set_keyword(value, "side_effect", FAKE)]
    if kind == "AsyncMock":
        return edits
    before = source.text_of(value.func).removesuffix(kind)
    imports = [] if before else source.add_import("unittest.mock", "AsyncMock")
    return [*edits, source.replace(value.func, f"{before}AsyncMock"), *imports]


def _value(setter: ast.Call) -> ast.expr | None:
    """Return what replaces the sleep, None if the patch makes a mock itself."""
    for keyword in setter.keywords:
        if keyword.arg in ("new", "value"):
            return keyword.value
    at = POSITIONS.get(called_name(setter) or "", len(setter.args) - 1)
    return setter.args[at] if at < len(setter.args) else None


def _above_definitions(source: Source, *lines: str) -> Edit:
    """Return the change that puts *lines* above the first function or class of the module."""
    for one in source.tree.body:
        if isinstance(one, Kinds):
            return source.insert_before(one, *lines)
    raise NoSplice("the file defines nothing")
