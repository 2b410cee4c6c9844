"""Explains a failure or a hang: collects the evidence and passes it to the modes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from loopcheck.case import (
    background_evidence,
    dropped_coroutine_evidence,
    ended_task_evidence,
    failure_evidence,
    gather_error_evidence,
    limit_evidence,
    logged_error_evidence,
    unclosed_clients,
)
from loopcheck.case.seen_leftovers import Seen
from loopcheck.labels import cells
from loopcheck.light import replace
from loopcheck.modes.diagnose import diagnose
from loopcheck.plugin import ours
from loopcheck.plugin.report_attributes import KEY
from loopcheck.plugin.reporting import junit, text_on_report
from loopcheck.plugin.silent import caught
from loopcheck.process.stores import server_errors
from loopcheck.records import Evidence, Stall
from loopcheck.report import json as json_words
from loopcheck.report import text
from loopcheck.runner import fixtures, trio
from loopcheck.source.coroutines import refused_runs, unawaited_results, unawaited_warnings
from loopcheck.watch import loop_leaks
from loopcheck.watch.thrown_away import amid_a_loop

if TYPE_CHECKING:
    import pytest

    from loopcheck.modes.finding import Finding
    from loopcheck.plugin.run_state import RunState
    from loopcheck.records import HangRecord, Phase

READS_OUTPUT = frozenset({"capfd", "capfdbinary", "caplog", "capsys", "capsysbinary"})
TRIO = "loopcheck did not look at tests on trio: it only knows asyncio's loops."


def failure(
    run: RunState, made: pytest.TestReport, item: pytest.Item, error: BaseException
) -> None:
    """Explain *error*, unless enough failures of its kind had the same findings."""
    kind = run.repeated.kind(made, item, error)
    found = run.repeated.known(kind)
    if found is None:
        found = _looked(run, made, item, error)
        run.repeated.note(kind, made, found)
    else:
        if made.when == "call":
            run.silent.failed(error)
        run.repeated.count(made, item, found)
    if not found and made.when == "call":
        loop_leaks.failed()


def _looked(
    run: RunState, made: pytest.TestReport, item: pytest.Item, error: BaseException
) -> tuple[Finding, ...]:
    """Look at *error*; if that finds nothing, at the error that a server has logged for it."""
    found = _explained(run, made, item, error)
    behind = server_errors.behind(error, item) if not found else ()
    found = found or next(filter(None, (_explained(run, made, item, one) for one in behind)), ())
    return found or _of_logged(run, made, item, error)


def _of_logged(
    run: RunState, made: pytest.TestReport, item: pytest.Item, error: BaseException
) -> tuple[Finding, ...]:
    """Name the error that was logged or dropped while the test ran: no mode says more about it."""
    logged = gather_error_evidence.of_failure(error, run.labels)
    logged = logged or logged_error_evidence.of_failure(error, item, run.labels)
    if logged is None and READS_OUTPUT.isdisjoint(getattr(item, "fixturenames", ())):
        logged = logged_error_evidence.printed(made.sections, error, run.labels)
    if logged is None:
        return ()
    test = fixtures.read_test(item, made.when or "call", run.labels)
    return _tell(run, made, item, Evidence(test=test, failed=True, logged=logged))


def _explained(
    run: RunState, made: pytest.TestReport, item: pytest.Item, error: BaseException
) -> tuple[Finding, ...]:
    """Look while the frames and loops exist; put text and plain values on *made*."""
    phase: Phase = made.when or "call"
    if trio.ran_on(error) and TRIO not in run.found.notes:
        run.found.notes.append(TRIO)
    run.labels.cells = cells()
    coroutines = [one for one in caught() if unawaited_warnings.is_one(one)]
    evidence = failure_evidence.of_failure(
        error, run.labels, item, phase, warned=coroutines, tests=run.found.tests
    )
    seen = Seen(items=item.session.items, held=frozenset(run.silent.held))
    refused = (refused_runs.read(one, item, run.labels, amid_a_loop) for one in coroutines)
    evidence = replace(
        evidence,
        nested=evidence.nested or next(filter(None, refused), None),
        dropped=(
            *unawaited_results.also_logged(error, coroutines, item, run.labels),
            *dropped_coroutine_evidence.of_error(error, seen, item, run.found.tests, run.labels),
        ),
        stalls=run.blocked.before(error, phase, run.labels),
        shared=run.handed.explains(error, item, run.labels),
    )
    if phase == "call":
        evidence = run.left_over.explains(evidence, error, item, run.labels)
    evidence = run.dirty.explains(evidence)
    evidence = limit_evidence.of_failure(evidence, error, item, run.limited, run.labels)
    if phase == "call":
        run.silent.failed(error)
        since = run.silent.gone, run.silent.overdue
        closed = run.silent.closed(error)
        evidence = background_evidence.of_failure(evidence, error, item, since, run.labels, closed)
        outlived = run.wide.explains(error, item, run.labels)
        evidence = replace(evidence, outlived=outlived)
    evidence = unclosed_clients.of_failure(evidence, error, item, run.found.tests, run.labels)
    if run.hang is not None and (hung := run.hang.of(item, phase)) is not None:
        evidence = _hung(evidence, hung)
        evidence = limit_evidence.with_fixtures(evidence, item, run.limited, run.labels)
    if evidence.hang is not None and coroutines:
        dropped = dropped_coroutine_evidence.of_hang(
            coroutines, seen, item, run.found.tests, run.labels
        )
        evidence = replace(evidence, dropped=(*evidence.dropped, *dropped))
    evidence = limit_evidence.with_hidden_error(evidence, error, run.labels)
    evidence = ended_task_evidence.of_failure(evidence, error, item, run.labels)
    evidence = run.patched.explains(evidence, error, item)
    return _tell(run, made, item, evidence)


def hang(run: RunState, made: pytest.TestReport, item: pytest.Item, hung: HangRecord) -> None:
    """Explain a test that can't be stopped: it will never raise an error."""
    test = fixtures.read_test(item, made.when or "call", run.labels)
    evidence = run.patched.explains(_hung(Evidence(test=test), hung), None, item)
    _tell(run, made, item, evidence)


def _tell(
    run: RunState, made: pytest.TestReport, item: pytest.Item, evidence: Evidence
) -> tuple[Finding, ...]:
    """Put the modes' findings for *evidence* on *made*, and return them."""
    found = tuple(run.found.not_waived(diagnose(evidence, run.labels), item, made))
    for note in (*evidence.notes, *evidence.questions.notes):
        line = ours.noted("look at all of a failure", note)
        if line not in run.found.notes:
            run.found.notes.append(line)
    if found:
        run.found.beat(item.nodeid, found)
        setattr(made, KEY, [json_words.finding(one) for one in found])
        junit.mark(item, made, found)
        run.picture.note(item, evidence, found)
        if run.asked.show:
            shown = "\n\n".join(text.finding(one) for one in found)
            text_on_report.put_text(made, shown)
    return found


def _hung(evidence: Evidence, hung: HangRecord) -> Evidence:
    """Return *evidence* with the state of a hang; a call that blocked the loop is LC107's.

    We record the tasks before we stop them: a cancellation of ours is not the tests' fault.
    """
    evidence = replace(evidence, cancels=tuple(dict.fromkeys((*hung.cancels, *evidence.cancels))))
    at = hung.blocked_at
    if at is None or hung.outside:
        return replace(evidence, hang=hung)
    ended: Literal["never", "late"] = "never" if hung.proved else "late"
    if any(one.place == at for one in evidence.stalls):
        mine = {"ended": ended, "others": hung.others, "holder": hung.held_by}
        seen = (replace(one, **mine) if one.place == at else one for one in evidence.stalls)
        return replace(evidence, hang=hung, stalls=tuple(seen))
    stall = Stall(
        loop="",
        seconds=hung.seconds or 0.0,
        place=at,
        call=hung.blocked_in,
        blocked=True,
        limit=hung.seconds or 0.0,
        phase=evidence.test.phase if evidence.test else None,
        ended=ended,
        others=hung.others,
        holder=hung.held_by,
    )
    return replace(evidence, hang=hung, stalls=(*evidence.stalls, stall))
