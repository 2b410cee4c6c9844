"""What a bench hands to the page: tables, curves, and claims with their bounds.

Ratios are of pairs, run in turns within one session. A claim says how far its own figure may be
off, and judges nothing that is nearer to its bound than that: a busy machine makes each run differ
from the next, but the middle of many pairs hardly moves.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median

QUICK = bool(os.environ.get("QUICK"))  # small numbers: to try the benches, not to quote them
NOISY = 0.05  # how far a figure may be off before the page says so first


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A promise, and what was seen of it."""

    what: str
    bound: str
    seen: str
    share: float  # of the bound: at most 1 holds
    unsure: float  # the share by which it may be off, see below

    def verdict(self) -> str:
        if abs(1 - self.share) < self.unsure:
            return f"too noisy to judge: it may be {self.unsure:.1%} off"
        return "holds" if self.share <= 1 else "does not hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """Lines over a growing number, both axes logarithmic."""

    stem: str  # of the picture's file
    title: str
    along: str
    up: str
    lines: dict[str, list[tuple[float, float]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one bench has to say."""

    title: str
    text: str  # Markdown
    claims: tuple[Claim, ...] = ()
    curves: tuple[Curves, ...] = ()


def unsure(figures: Sequence[float]) -> float:
    """Return the share by which the median of *figures* may be off: 19 of 20 times it is less.

    Whatever they are spread like, the true median lies between the two that stand so far from the
    middle, counted: that is how often a coin may fall to one side.
    """
    ordered, middle = sorted(figures), median(figures)
    aside = max(0, int((len(ordered) - 1.96 * len(ordered) ** 0.5) / 2))
    return max(middle - ordered[aside], ordered[-1 - aside] - middle) / middle


def in_turns(
    ways: Mapping[str, Callable[[], float]], rounds: int, baseline: str
) -> dict[str, list[float]]:
    """Return what each of *ways* took in each round: the baseline first, the others in turn."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    others = [name for name in ways if name != baseline]
    for number in range(rounds):
        at = number % max(1, len(others))
        for name in (baseline, *others[at:], *others[:at]):
            found[name].append(ways[name]())
    return found


def side_by_side(
    ways: Mapping[str, Callable[[], subprocess.Popen[bytes]]], rounds: int
) -> dict[str, list[float]]:
    """Return the seconds of processor of each of *ways* in each round: all at once, on one.

    The system lets them take turns some hundred times a second: what slows the machine meanwhile
    slows each of them alike, so that their ratios hold where nothing else can be judged.
    """
    found: dict[str, list[float]] = {name: [] for name in ways}
    names = list(ways)
    for number in range(rounds):
        at = number % len(names)
        with on_one_processor():
            begun = {name: ways[name]() for name in (*names[at:], *names[:at])}
        for name, process in begun.items():
            found[name].append(used(process))
    return found


@contextmanager
def on_one_processor() -> Iterator[None]:
    """Have what is started keep to one processor."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def used(process: subprocess.Popen[bytes]) -> float:
    """Return the seconds of processor that *process* took to its end, its children's too."""
    _, status, took = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)  # nobody else can ask any more
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return took.ru_utime + took.ru_stime


def ratio(found: Mapping[str, list[float]], name: str, baseline: str) -> float:
    """Return the median of the ratios of the rounds."""
    return median(ratios(found, name, baseline))


def ratios(found: Mapping[str, list[float]], name: str, baseline: str) -> list[float]:
    return [one / plain for one, plain in zip(found[name], found[baseline], strict=True)]


def best(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Return the milliseconds of processor of each call in each round; the calls take turns."""

    def timed(call: Callable[[], object]) -> float:
        begun = time.thread_time()
        call()
        return 1_000 * (time.thread_time() - begun)

    ways = {name: partial(timed, call) for name, call in calls.items()}
    return in_turns(ways, rounds, next(iter(calls)))


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table in Markdown, its first column text and the others figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def tell(measure: Callable[[], Part]) -> None:
    """Print what was measured; or leave it in the file that is named, for the page."""
    part = measure()
    if sys.argv[1:]:
        Path(sys.argv[1]).write_text(json.dumps(asdict(part)), encoding="utf-8")
        return
    print(f"{part.title}\n\n{part.text}\n")
    for claim in part.claims:
        print(f"{claim.what}: {claim.seen}, at most {claim.bound}: {claim.verdict()}")


def read(file: Path) -> Part:
    said = json.loads(file.read_text(encoding="utf-8"))
    return Part(
        title=said["title"],
        text=said["text"],
        claims=tuple(Claim(**one) for one in said["claims"]),
        curves=tuple(Curves(**one) for one in said["curves"]),
    )
