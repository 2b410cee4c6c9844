"""Tries the edits of findings in a copy of the project, one fault after the other."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loopcheck.modes.finding import Finding
from loopcheck.records import Edits
from loopcheck.repair import proof
from loopcheck.repair.edited_files import EditedFile, EditedFiles
from loopcheck.repair.proof import TIMES, Proof
from loopcheck.repair.test_runs import Run, Runner
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.values.assertion_lists import weakened

MOST_FILES = 5  # of the tests of one fault; beyond that, all tests run
DEEPEST = 3  # faults hidden behind each other in one test
MOST_ROUNDS = 20
SHORTEST, LONGER = 60.0, 10  # a run with edits may take so many seconds, or times, as one without

State = dict[Path, EditedFile]
Places = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to mend a fault, and what came of it."""

    way: Edits
    proof: Proof


@dataclass(frozen=True, slots=True)
class Outcome:
    """A fault, the ways that were tried, and the change of the proved one."""

    finding: Finding
    attempts: tuple[Attempt, ...] = ()
    also: tuple[Finding, ...] = ()  # faults that were hidden behind it, mended with it
    changed: tuple[tuple[Path, str, str], ...] = ()  # by file of the project: text before, after
    others: tuple[Edits, ...] = ()  # ways that were not tried, since an earlier one is proved

    @property
    def proved(self) -> Attempt | None:
        return next((one for one in self.attempts if one.proof.proved), None)


@dataclass
class Mending:
    """The work on one copy."""

    runner: Runner
    files: EditedFiles
    say: Callable[[str], None]  # what is being done now
    baselines: dict[Places, Run] = field(default_factory=dict)  # by what ran; (): all
    tried: Counter[object] = field(default_factory=Counter)  # how many of equal faults

    def mend_all(self, first: Run, *, again: bool) -> Iterator[Outcome]:
        """Yield what came of each fault of the *first* run; *again*: and of those found after."""
        run, everything = first, first.findings
        for _ in range(MOST_ROUNDS):
            since, proved = self.files.moment, False
            self.baselines = {(): run}
            alike: Counter[object] = Counter()
            for finding in everything:
                alike[key := _key(finding)] += 1
                if alike[key] > self.tried[key]:
                    done = self.mend(finding, since)
                    self.tried.update(map(_key, (finding, *done.also)))
                    proved = proved or done.proved is not None
                    yield done
            if not (again and proved):
                return
            self.say("running all tests again")
            run = self.runner.run(explain=True, seconds=_limit(first))
            everything = run.findings

    def mend(self, finding: Finding, since: int) -> Outcome:
        """Try the ways to mend *finding*, in order; the first that is proved stays in the copy."""
        state, attempts = self.files.state(), []
        for number, way in enumerate(finding.edits, 1):
            self.say(f"{finding.code}: {way.words}")
            attempt, also = self._attempt((finding,), way, since, state)
            attempts.append(attempt)
            if attempt.proof.proved:
                changed = tuple(
                    (self.runner.copy.outside(path), then, now)
                    for path, then, now in self.files.changed_since(state)
                )
                others = finding.edits[number:]
                return Outcome(finding, tuple(attempts[::-1]), also, changed, others)
            self.files.restore(state)
        return Outcome(finding, tuple(attempts))

    def _attempt(
        self, found: tuple[Finding, ...], way: Edits, since: int, state: State
    ) -> tuple[Attempt, tuple[Finding, ...]]:
        """Try *way* for the last of *found*; if that shows a fault behind it, mend that, too."""
        places, before = self._before(found[0], state)
        if before is None:
            said = "without the edit, the tests do not show this fault here"
            return Attempt(way, Proof(False, said)), ()
        try:
            self.files.apply(way.changes, since)
        except NoSplice as refused:
            return Attempt(way, Proof(False, f"it can't be applied: {refused}")), ()
        if lost := self._weakened(state):
            return Attempt(way, Proof(False, f"the tests would check less: {lost[0]}")), ()
        shown, last = self._prove(found, places, before, state)
        if not shown.proved and last is not None and len(found) < DEEPEST:
            there, moment = self.files.state(), self.files.moment
            for behind in proof.hidden_behind(last, before, found):
                for other in behind.edits:
                    inner, also = self._attempt((*found, behind), other, moment, state)
                    if inner.proof.proved:
                        return Attempt(way, inner.proof), (behind, *also)
                    self.files.restore(there)
        return Attempt(way, shown), ()

    def _before(self, finding: Finding, state: State) -> tuple[Places, Run | None]:
        """Return what to run, and what that shows without the edits; None if not the fault."""
        files, every = proof.files_of([finding]), self.baselines[()]
        places = tuple(str(self.files.root / file) for file in files)
        apart = 0 < len(files) <= MOST_FILES and all(Path(one).is_file() for one in places)
        if apart and not proof.is_about(every, files):
            if places not in self.baselines:
                here = self.files.state()
                self.files.restore(state)
                self.say(f"running {', '.join(files)} as it is")
                self.baselines[places] = self.runner.run(
                    *places, explain=True, seconds=_limit(every)
                )
                self.files.restore(here)
            if proof.shows(self.baselines[places], finding):
                return places, self.baselines[places]
        return (), every if proof.shows(every, finding) else None  # others' tests have a part in it

    def _weakened(self, state: State) -> list[str]:
        changed = list(self.files.changed_since(state))
        code = [(then, now) for path, then, now in changed if path.suffix == ".py"]
        return weakened((then for then, _ in code), (now for _, now in code))

    def _prove(
        self, found: Sequence[Finding], places: Places, before: Run, state: State
    ) -> tuple[Proof, Run | None]:
        """Run the tests in *places* with the edits: three times, then in random order."""
        limit, run = _limit(before), before
        for time in range(1, TIMES + 1):
            self.say(f"with the edit, run {time} of {TIMES + 1}")
            run = self.runner.run(*places, explain=True, seconds=limit)
            if against := proof.objection(run, before, found):
                return Proof(False, against), run
        self.say(f"with the edit, run {TIMES + 1} of {TIMES + 1}: in random order")
        if against := self._shuffled(found, places, before, limit, state):
            said = f"in the order of the file it passes {TIMES} times; in random order, {against}"
            return Proof(False, said), None
        others = self._others(places, state)
        if others:
            self.say("all other tests, with the edit")
            every = self.runner.run(explain=True, seconds=_limit(self.baselines[()]))
            if against := proof.objection(every, self.baselines[()], found):
                return Proof(False, against), None
            self.baselines = {(): every}
        self.baselines[places] = run
        return Proof(True, proof.words(found, run, every if others else None)), run

    def _shuffled(
        self, found: Sequence[Finding], places: Places, before: Run, limit: float, state: State
    ) -> str | None:
        """Return what tests in random order show against the edits, if they do not without."""
        names = (Path(one).relative_to(self.files.root).as_posix() for one in places)
        seed = zlib.crc32(" ".join(names).encode()) + 1  # the same verdict each time
        run = self.runner.run(*places, explain=False, seconds=limit, seed=seed)
        if (against := proof.objection(run, before, found)) is None:
            return None
        there = self.files.state()
        self.files.restore(state)
        as_it_was = self.runner.run(*places, explain=False, seconds=limit, seed=seed)
        self.files.restore(there)
        same = proof.objection(run, as_it_was, found)
        return None if same is None else against

    def _others(self, places: Places, state: State) -> bool:
        """True if the edits change a file that tests outside of *places* may use."""
        if not places:
            return False
        changed = {str(path) for path, _, _ in self.files.changed_since(state)}
        more = set(self.baselines[()].outcomes) - set(self.baselines[places].outcomes)
        return bool(more) and not changed <= set(places)


def _key(finding: Finding) -> object:
    """Return what a fault has in every run; equal lines of one test have it in common."""
    where = finding.where
    return finding.code, finding.test, finding.source, where.file if where else None


def _limit(run: Run) -> float:
    """Return how many seconds tests may take that took as long as in *run* before."""
    return max(SHORTEST, LONGER * run.seconds)
