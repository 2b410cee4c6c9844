"""An entry that a failing line still finds: the call that put it there has failed."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from loopcheck.case.live import Live
from loopcheck.light import frozen
from loopcheck.modes.finding import Finding
from loopcheck.process import objects
from loopcheck.process.databases import connection_names
from loopcheck.process.failure import Step
from loopcheck.process.growing_containers import KINDS
from loopcheck.process.waiting.missed_wakes import unguarded_releases
from loopcheck.records import Place, Subject, UnguardedRelease
from loopcheck.source import effects, parsed_files
from loopcheck.source.nodes import names_in
from loopcheck.source.statements import raise_conditions
from loopcheck.source.values import assertions, hoped_changes, meaning, value_origins
from loopcheck.source.values.callees import Env
from loopcheck.watch.limits import timeouts


@frozen
class LeftEntry:
    """The function that left an entry in a container that a failing line reads."""

    subject: Subject  # "pool._requests"
    asked_at: Place
    left_by: UnguardedRelease


def find_left_entry(live: Live) -> LeftEntry | None:
    """Return who left an entry where the failing line expects fewer."""
    link = live.links[0]
    step = link.user
    asserted = _asserted(step) if step is not None else None
    if step is None or asserted is None:
        return None
    env = meaning.names_of(step.frame)
    if "added" not in hoped_changes.useless(asserted, env):
        return None
    block = parsed_files.function_of(step.frame.f_code)
    failed = _failed(asserted.test, env)
    names = names_in(*failed)
    given = [one for name in names for one in value_origins.given(block, name)] if block else []
    reads = effects.read_by([*failed, *given], env, step.frame.f_code)
    held: dict[object, object] = {id(one): one for one in reads.held}
    limits = [one.lines() for one in timeouts.ended_in_this_test()]
    for kind, owner, *more in reads.keys:
        if kind != "attribute" or objects.users_class(type(held[owner])) is None:
            continue
        attribute = str(more[0])
        there = objects.attribute(held[owner], attribute)
        if type(there) not in KINDS or not (there or step.source.simple is not asserted):
            continue
        spots = [(one.frame, one.line) for one in link.users]
        left_by = unguarded_releases.of_entry(held[owner], attribute, spots, limits, live.labels)
        if left_by is not None:
            named = connection_names.named([held[owner]], link.users, live.item, live.labels)
            return LeftEntry(
                subject=Subject(
                    name=f"{named.subject.name}.{attribute}", type=objects.type_name(there)
                ),
                asked_at=step.place(live.labels),
                left_by=left_by,
            )
    return None


def _asserted(step: Step) -> ast.Assert | None:
    """Return what the line of *step* asserts, also by a `raise` under an `if`."""
    statement = step.source.simple
    if isinstance(statement, ast.Raise):
        test = raise_conditions.condition_of(step.frame.f_code.co_filename, step.line)
        return ast.Assert(test=ast.UnaryOp(op=ast.Not(), operand=test)) if test else None
    return statement if isinstance(statement, ast.Assert) else None


def _failed(test: ast.expr, env: Env) -> Sequence[ast.expr]:
    """Return the parts of *test* that do not hold."""
    match test:
        case ast.BoolOp(op=ast.And(), values=parts):
            return [one for one in parts if assertions.told(one, env) is False]
    return [test]


def finding(seen: LeftEntry, code: str, slug: str) -> Finding:
    """Name the line that waits, and whose error leaves the entry where it is."""
    one, error = seen.left_by, seen.left_by.skipped_by
    waits_at = one.waits_at
    skips = "an error or a cancellation between these lines skips that"
    if error is not None and error.type == unguarded_releases.LIMIT:
        waits_at = error.place
        skips = f"a time limit ended its wait at {waits_at} before that"
    elif error is not None and one.sure:
        kind = error.type.rpartition(".")[2]
        skips = f"the {kind} at {error.place} skipped that"
        if kind == "CancelledError":
            skips = "its cancellation skipped that"
    return Finding(
        code=code,
        slug=slug,
        certainty="likely",
        subject=seen.subject,
        where=waits_at,
        made_at=one.acquired_at,
        used_at=seen.asked_at,
        what=f"{seen.asked_at} finds an entry in `{seen.subject.name}` that `{one.function}` added"
        f" at {one.acquired_at} and did not remove.",
        why=f"`{one.function}` removes it at {one.released_at}, but {skips}.",
        fix=f"Put {waits_at} in a `try`, and in its `except BaseException`, remove the entry and"
        " raise the error again."
        if one.guarded
        else f"Put the lines from {waits_at} up to {one.released_at} in a `try`, and that line in"
        " its `finally`.",
    )
