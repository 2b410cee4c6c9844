"""What a task found gone after a condition had woken it: an `if` checks once, and not again."""

from __future__ import annotations

import ast

from loopcheck.case.live import Live
from loopcheck.light import frozen
from loopcheck.process import objects
from loopcheck.process.failure import Step
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place
from loopcheck.source import calls, parsed_files
from loopcheck.source.nodes import body_spans_line, calls_in, contains, nodes_of
from loopcheck.source.statements import awaited_conditions
from loopcheck.source.statements.awaited_conditions import Once
from loopcheck.source.values import meaning

CONDITIONS = ("asyncio.locks.Condition", "anyio.Condition")
_READS = (ast.Attribute, ast.Name)


@frozen
class SingleCheck:
    """A wait for a condition, after which the code goes on without a second check."""

    checked: str  # the test of the `if`: "not self.rows"
    condition: str  # as the code writes it: "self._changed"
    type: str
    coroutine: str
    checked_at: Place
    awaited_at: Place
    failed_at: Place


def find_single_check(live: Live) -> SingleCheck | None:
    """Return the check that no longer held as the woken code failed.

    Had it held, the code would not have waited. No line between the check and the failing
    expression could have changed it: so the code did wait, and something else was faster. Only of
    the innermost frame is that known: a function that it calls may have changed it and then failed.
    """
    for step in (link.user for link in live.links):
        if step is None or "wait" not in step.frame.f_code.co_names:
            continue
        once = awaited_conditions.checked_once(step.frame, step.line)
        if once is None or once.check.holds() is not False or not _fails_by(once, step):
            continue
        condition = meaning.of_run(once.waits_for, step.frame)
        if meaning.known(condition) and objects.type_name(condition) in CONDITIONS:
            code = step.frame.f_code
            file, name = live.labels.file(code.co_filename), code.co_name
            return SingleCheck(
                checked=ast.unparse(once.block.test),
                condition=ast.unparse(once.waits_for),
                type=objects.type_name(condition),
                coroutine=await_chain.short(code.co_qualname),
                checked_at=Place(file, once.block.lineno, name),
                awaited_at=Place(file, once.wait.lineno, name),
                failed_at=Place(file, step.line, name),
            )
    return None


def _fails_by(once: Once, step: Step) -> bool:
    """Return whether what was checked is first used by what fails, or by the test for a `raise`."""
    block, failing = parsed_files.function_of(step.frame.f_code), step.source.node
    last = once.block.end_lineno or once.block.lineno
    checked = {ast.unparse(node) for node in nodes_of(_READS, once.check.test)}
    checked -= {"self", *(calls.last(one.func) or "" for one in calls_in(once.check.test))}
    after = [node for node in nodes_of(_READS, block) if last < node.lineno <= step.line]
    uses = [node for node in after if ast.unparse(node) in checked]
    if isinstance(failing, ast.Raise):
        tests = [
            one.test
            for one in nodes_of(ast.If, block)
            if one.lineno > last and body_spans_line(one.body, step.line)
        ]
        tests = [one for one in tests if all(calls.last(c.func) == "len" for c in calls_in(one))]
        return bool(uses) and all(any(contains(one, use) for one in tests) for use in uses)
    if not isinstance(failing, ast.Call | ast.Subscript):
        return False
    direct = [failing.value] if isinstance(failing, ast.Subscript) else [*failing.args]
    if isinstance(failing, ast.Call) and isinstance(failing.func, ast.Attribute):
        direct.append(failing.func.value)
    used = [one for one in direct if isinstance(one, _READS) and ast.unparse(one) in checked]
    return bool(used) and all(any(contains(one, use) for one in used) for use in uses)
