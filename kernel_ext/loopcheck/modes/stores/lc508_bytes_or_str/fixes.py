"""The edits of LC508: a client that decodes its answers, or a number made of one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, dotted
from loopcheck.source.changes.splices import Source
from loopcheck.source.nodes import names_in

CLIENT = re.compile(r"(^|\.)(from_url|from_pool|\w*(Redis|Valkey)\w*)$")


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the argument of the client's call, or the conversion."""
    source, line = sources.at(finding.where)
    if finding.remedy == ("number",):
        yield Edits(changes=tuple(_number(source, line)), safe=True, words="convert the answer")
        return
    if finding.remedy == ("pool",):
        change = source.set_keyword(_pool(source, line), "decode_responses", "True")
        yield Edits(changes=(change,), safe=True, words="set `decode_responses=True` on its pool")
        return
    calls = [one for one in source.calls_at(line) if CLIENT.search(dotted(one.func))]
    if len(calls) != 1:
        raise NoSplice("no call at that line creates the client")
    change = source.set_keyword(calls[0], "decode_responses", "True")
    yield Edits(changes=(change,), safe=True, words="create it with `decode_responses=True`")


def _pool(source: Source, line: int) -> ast.Call:
    """Return the call that creates the pool of the client at *line*, by a name of the function."""
    around = source.function_of(source.statement_at(line))
    names = {
        one.id
        for call in source.calls_at(line)
        for one in (*call.args, *(keyword.value for keyword in call.keywords))
        if isinstance(one, ast.Name)
    }
    found = [
        node.value
        for node in source.nodes()
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and "Pool" in dotted(node.value.func)
        and names & names_in(*node.targets)
        and source.function_of(node) in (around, None)
    ]
    if len(found) != 1:
        raise NoSplice("the pool is created elsewhere")
    return found[0]


def _number(source: Source, line: int) -> list[Edit]:
    for node in source.nodes_at(line):
        if isinstance(node, ast.Compare) and len(node.comparators) == 1:
            sides = (node.left, node.comparators[0])
            numbers = [isinstance(one, ast.Constant) for one in sides]
            if numbers in ([True, False], [False, True]):
                answer = sides[numbers.index(False)]
                return [source.put_before(answer, "int("), source.put_after(answer, ")")]
    raise NoSplice("no comparison with a number at that line")
