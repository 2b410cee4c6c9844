"""The changes that mend faults, with their proofs, as a client gets them."""

from pathlib import Path
from typing import Any

from loopcheck.cli.mcp_server.project_runs import Job
from loopcheck.cli.mcp_server.results import LINES_OF_OUTPUT, Result
from loopcheck.cli.typed import WrongInput
from loopcheck.repair import atomic_write, mending_words, session
from loopcheck.repair.mending import Outcome
from loopcheck.repair.session import RepairError, Session, Wanted

LONGEST_DIFF = 6000  # characters of one diff
COMMAND = "fix with write=true"


def proved(root: Path, args: tuple[str, ...], job: Job, *, write: bool) -> Result:
    """Return what came of each fault that pytest shows with *args*; write it only if asked."""
    wanted = Wanted(root, args)
    if write:
        atomic_write.finish(wanted.root)  # what a write that was killed has left
    try:
        with session.begun(wanted, job.say, job.go_on_in_time) as repair:
            done = list(repair.outcomes)
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
    names = repair.names() if written else ""
    last = mending_words.summary(repair.first, done, names, COMMAND)
    parts = [*(mending_words.outcome(one, repair.root) for one in done), last]
    data: dict[str, Any] = {
        "faults": [_fault(one, repair.root) for one in done],
        "written": [
            path.relative_to(repair.root).as_posix() for path in repair.changes() if written
        ],
        "summary": last,
    }
    return Result("\n\n".join(parts), data)


def _fault(one: Outcome, root: Path) -> dict[str, Any]:
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
    diff = mending_words.patch(one, root)
    known |= {"edit": attempt.way.words, "safe": attempt.way.safe, "proof": attempt.proof.words}
    return known | {"diff": diff[:LONGEST_DIFF], "truncated": len(diff) > LONGEST_DIFF}
