"""What only LC205 asks: which line drops the error that a test expects, on its way to the test."""

from __future__ import annotations

import ast

from loopcheck.case.live import Live
from loopcheck.labels import Labels, plain
from loopcheck.light import frozen
from loopcheck.process import objects
from loopcheck.process.pending import premature_asserts
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place
from loopcheck.source.catching.dropping_guards import Guard, Raised, Search, classes
from loopcheck.source.values import meaning


@frozen
class DroppedOnTheWay:
    """The only line that can drop the error which a test expects, and the line that raises it."""

    type: str
    raised_at: Place
    raised_in: str
    at: Place
    words: str  # "except Exception", "return await self.close()", "suppress(OSError)"
    exit: str = ""  # the method of a manager that returns a value: "Lease.__aexit__"
    expected_at: Place | None = None  # the `raises`


def find_dropped(live: Live) -> DroppedOnTheWay | None:
    """Return the line that drops what the test expects, if no other way leads there."""
    missed = premature_asserts.did_not_raise(live.error)
    if missed is None or not isinstance(missed.step, ast.With):
        return None
    env = meaning.names_of(missed.frame)
    wanted = tuple(
        kind
        for item in missed.step.items
        if isinstance(item.context_expr, ast.Call)
        for one in item.context_expr.args[:1]
        for kind in classes(meaning.of(one, env))
        if Exception in objects.mro(kind)  # a cancellation is LC207's
    )
    found = list(Search(wanted).run(missed.step.body, missed.frame.f_code, env)) if wanted else []
    guards = {id(one.guard.node) if one.guard is not None else 0 for one in found}
    if len(guards) != 1 or found[0].guard is None:
        return None
    return _record(found[0], found[0].guard, missed.place(live.labels), live.labels)


def _record(raised: Raised, guard: Guard, expected_at: Place, labels: Labels) -> DroppedOnTheWay:
    return DroppedOnTheWay(
        type=objects.class_name(raised.kind).rpartition(".")[2],
        raised_at=await_chain.place(raised.code, raised.line, labels),
        raised_in=await_chain.short(raised.code.co_qualname),
        at=await_chain.place(guard.code, getattr(guard.node, "lineno", 0), labels),
        words=plain(guard.words),
        exit=guard.exit,
        expected_at=expected_at,
    )
