"""The changes that mend faults, with their proofs, as a client gets them."""

from pathlib import Path
from typing import Any

from loopcheck.cli.mcp_server.project_runs import Job, OutOfTime
from loopcheck.cli.mcp_server.results import LINES_OF_OUTPUT, LONGEST_TEXT, MOST, Result
from loopcheck.cli.typed import WrongInput
from loopcheck.repair import mending_words, session
from loopcheck.repair.mending import Outcome
from loopcheck.repair.session import RepairError, Session, Wanted

LONGEST_DIFF = 6000  # characters of one diff
COMMAND = "fix with write=true"


def proved(root: Path, args: tuple[str, ...], job: Job, *, write: bool) -> Result:
    """Return what came of each fault that pytest shows with *args*; write it only if asked."""
    try:
        with session.begun(Wanted(root, args), job.say, job.go_on_in_time) as repair:
            done: list[Outcome] = []
            try:
                for one in repair.outcomes:
                    done.append(one)
            except OutOfTime:  # the copy has a change that is not proved yet
                return _stopped(_result(repair, done, written=False), job)
            if write:
                _write(repair, root)
            return _result(repair, done, written=write)
    except RepairError as error:
        if not error.output:
            raise WrongInput(str(error)) from None
        last = "\n".join(error.output.splitlines()[-LINES_OF_OUTPUT:])
        return Result(f"{last}\n\n{error}", {"stopped": f"{error}", "faults": []})


def _write(repair: Session, root: Path) -> None:
    """Write what is proved, if all of it is in *root*."""
    for path in repair.changes():
        if not path.resolve().is_relative_to(root):
            raise WrongInput(f"The change is in {path}, outside of {root}: nothing was written.")
    repair.write()


def _result(repair: Session, done: list[Outcome], *, written: bool) -> Result:
    last = mending_words.summary(repair.first, done, repair.names() if written else "", COMMAND)
    room, faults = LONGEST_TEXT, []
    for one in done[:MOST]:
        faults.append(_fault(one, mending_words.patch(one, repair.root), room))
        room -= len(faults[-1].get("diff", ""))
    lines = [last]
    if len(done) > MOST:
        lines.insert(0, f"Only the first {MOST} are listed. Name a test to see its fault.")
    parts = [*(mending_words.outcome(one, repair.root) for one in done[:MOST]), *lines]
    data: dict[str, Any] = {
        "faults": faults,
        "truncated": len(done) > MOST or any(one.get("diff_truncated") for one in faults),
        "written": [
            path.relative_to(repair.root).as_posix() for path in repair.changes() if written
        ],
        "summary": last,
    }
    return Result("\n\n".join(parts), data)


def _stopped(result: Result, job: Job) -> Result:
    said = f"Stopped after {job.seconds:.0f} s: nothing was written. Name a test, or take longer."
    return Result(f"{result.text}\n{said}", result.data | {"stopped": said})


def _fault(one: Outcome, diff: str, room: int) -> dict[str, Any]:
    """Return the plain values of one fault, with at most *room* characters of its *diff*."""
    found, attempt = one.finding, one.proved
    known: dict[str, Any] = {
        "code": found.code,
        "slug": found.slug,
        "test": found.test,
        "change": str(found.where or ""),
        "proved": attempt is not None,
    }
    if attempt is None:
        tried = [{"edit": each.way.words, "but": each.proof.words} for each in one.attempts]
        return known | {"fix": found.fix, "tried": tried}
    known |= {"edit": attempt.way.words, "safe": attempt.way.safe, "proof": attempt.proof.words}
    kept = diff[: min(room, LONGEST_DIFF)]
    return known | {"diff": kept, "diff_truncated": kept != diff}
