"""What a task checked before a wait that failed: by then another task had done what it is doing."""

from __future__ import annotations

import ast
import inspect

from loopcheck.case.live import Live
from loopcheck.labels import plain
from loopcheck.light import frozen
from loopcheck.process import objects
from loopcheck.process.failure import Step
from loopcheck.process.frames import first_argument
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place
from loopcheck.source import effects, parsed_files
from loopcheck.source.nodes import body_spans_line, nodes_of, spans_line
from loopcheck.source.values import assertions, meaning


@frozen
class OvertakenCheck:
    """An `if` whose body waits, fails, and would then have changed what the `if` checks."""

    name: str  # what another task has changed: "self._grant"
    owner: str  # the class of the object whose method this is
    checked: str  # the test of the `if`: "not self._grant.access"
    coroutine: str
    checked_at: Place
    awaited_at: Place


def find_overtaken_check(live: Live) -> OvertakenCheck | None:
    """Return the check that no longer holds as a wait in its block fails."""
    for step in (one for link in live.links for one in link.users):
        if step.frame.f_code.co_flags & inspect.CO_COROUTINE:
            found = _overtaken(step, live)
            if found is not None:
                return found
    return None


def _overtaken(step: Step, live: Live) -> OvertakenCheck | None:
    code, env = step.frame.f_code, meaning.names_of(step.frame)
    ifs = nodes_of(ast.If, parsed_files.function_of(code))
    around = [one for one in ifs if body_spans_line(one.body, step.line)]
    block = around[-1] if around else None
    if block is None or assertions.told(block.test, env) is not False:
        return None
    waits = [one for one in nodes_of(ast.Await, *block.body) if spans_line(one, step.line)]
    if not waits:
        return None
    # Of `self.grant.access` a change of `self.grant` counts, too.
    parts = nodes_of((ast.Attribute, ast.Subscript), block.test)
    read = effects.read_by([block.test, *parts], env, code)
    own, later = effects.Sight(), effects.Sight()
    before = [one for one in block.body if (one.end_lineno or one.lineno) < step.line]
    effects.changed_by([*before, *waits], env, code, own)
    effects.changed_by([one for one in block.body if one not in before], env, code, later)
    name = effects.common(read, later)
    if name is None or effects.common(read, own) is not None:
        return None
    file, of = live.labels.file(code.co_filename), first_argument(step.frame)
    return OvertakenCheck(
        name=plain(name),
        owner=objects.type_name(of) if of is not None else "builtins.object",
        checked=plain(ast.unparse(block.test)),
        coroutine=await_chain.short(code.co_qualname),
        checked_at=Place(file, block.lineno, code.co_name),
        awaited_at=Place(file, waits[-1].lineno, code.co_name),
    )
