"""Measure `%%seen`: is the mode of each bad sample among the first three that its output points to?

    python scripts/measure_seen.py [lc102 ...]

pytest runs each sample without loopcheck, like the people who paste their output. Outputs without a
message of their own are counted separately: green runs, hangs, plain assertions.
"""

import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "modes"))

from samples import NOTHING, Bench, Sample, bench, collect  # noqa: E402

from loopcheck.modes import pasted  # noqa: E402

FIRST, SECONDS = 3, 40
# pytest's message for an assertion, and bare timeout exceptions: the same whatever the cause.
PLAIN = re.compile(
    r"assert\b|AssertionError(: assert\b.*|$)|\+|At index|Left|Right|Use -v|Full diff|Differing"
    r"|Omitting|Common|Extra items|[-?{}\[\]]"
    r"|(asyncio\.exceptions\.)?(TimeoutError|CancelledError)$|$"
)


def output_of(servers: Bench, sample: Sample) -> tuple[str, str]:
    """Return "words", "plain" or "silent", and pytest's output."""
    if sample.hangs:
        return "silent", ""
    with tempfile.TemporaryDirectory() as name:
        process = servers._start(sample, Path(name, "plain"))
        try:
            said, _ = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            said, _ = process.communicate()
            return "silent", said
    errors = [line[1:].strip() for line in said.splitlines() if re.match(r"E(?: |$)", line)]
    if process.poll() == 0:
        return "silent", said
    return ("plain" if errors and all(map(PLAIN.match, errors)) else "words"), said


def main(words: list[str]) -> None:
    """Print a line for each mode and for each missed sample, then the shares."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    with bench() as servers:
        for sample in collect():
            if sample.fault == NOTHING or (words and not sample.id.startswith(tuple(words))):
                continue
            kind, said = output_of(servers, sample)
            codes = [one.mode.code for one in pasted.guesses(said)][:FIRST]
            counts[kind][0] += sample.fault in codes
            counts[kind][1] += 1
            if kind == "words" and sample.fault not in codes:
                print(f"missed  {sample.id}: {', '.join(codes) or 'unknown'}", flush=True)
    for kind, (found, all_of) in sorted(counts.items()):
        print(f"{kind:<7} {found} of {all_of} among the first {FIRST}")


if __name__ == "__main__":
    main(sys.argv[1:])
