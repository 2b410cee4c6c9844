"""What loopcheck finds in every sample, word for word: what a change of the engine must keep.

`python tests/modes/golden.py --write` runs all samples and stores what is found in `golden.json`;
`python tests/modes/golden.py` runs them and prints what is found differently, and so does
`test_samples.py` for each sample. Both print where a finding is not what its sample declares.
Folders (`lc310_split_scope`) limit both to their samples. A finding that is meant to change is
stored anew with the change.

How a sample ends without loopcheck is stored too, in `outcomes.json`: where it ends the same way
with loopcheck, that need not be run again.
"""

import argparse
import json
import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from samples import Bench, Run, Sample, bench, collect, complaints

FILE = Path(__file__).with_name("golden.json")
OUTCOMES = Path(__file__).with_name("outcomes.json")
PYTHON = (3, 11)  # others word their own errors differently, and findings quote them
FIELDS = ("code", "certainty", "phase", "count", "subject", "where", "made_at", "used_at")
WORDS = ("made_on", "used_on", "what", "why", "fix")
# Ports, process numbers and what was counted by time differ from run to run.
EACH_TIME = re.compile(
    r"(?<=[\w\]]:)\d{4,5}\b|(?<=_of_)\d+\b|\b\d{2,3}(?= are taken by `connection`)"
    r"|/tmp/\S*|(?<=\bpid )\d+"
)

# How busy the machine is decides about the first: threads share its processors with the loop. And
# when the collector runs about the second: a mock is freed after its patch, and its class with it.
UNSTORED = {
    "lc107_blocked_loop/bad_took_too_long": ("certainty",),
    "lc403_mock_bypasses_logic/bad_handed": ("subject",),
}

# LC506 says so in place of other words, where the machine has a store of its own.
OTHERS_SERVERS = " On this machine, "

# Of what is stored because it does not depend on loopcheck, one in so many is run each time.
SURE = 8

Found = dict[str, Any]
Ended = tuple[int, list[list[str]]]  # the exit code, and what happened in each test


def found_in(seen: Run) -> list[Found]:
    """Return what a run of a sample found, without what differs from run to run."""
    return [
        {key: _stable(one[key]) for key in (*FIELDS, *WORDS) if key in one} for one in seen.findings
    ]


def _stable(value: Any) -> Any:
    if isinstance(value, str):
        return EACH_TIME.sub("…", value)
    if isinstance(value, dict):
        return {key: _stable(one) for key, one in value.items()}
    return value


def stored() -> dict[str, list[Found]]:
    """Return what was found in each sample when it was last stored."""
    known: dict[str, list[Found]] = json.loads(FILE.read_text(encoding="utf-8"))
    return known


def stored_outcomes() -> dict[str, Ended]:
    """Return how each sample ended without loopcheck when that was last stored."""
    known: dict[str, Ended] = json.loads(OUTCOMES.read_text(encoding="utf-8"))
    return known


def without(sample: Sample, seen: Run, known: dict[str, Ended], servers: Bench) -> Run:
    """Return how *sample* ends without loopcheck: as is known, or as a run of it shows.

    Known is how it ended when that was stored, perhaps on another Python. It is run if *seen*, the
    run with loopcheck, ended in another way: then one of the two is wrong, and this tells which.
    """
    code, tests = known.get(sample.id, (0, []))
    kept = Run(code, tuple((test, how) for test, how in tests), 0, "stored in outcomes.json")
    alike = sample.hangs or (seen.code, seen.outcomes) == (kept.code, kept.outcomes)
    if sample.id in known and alike and not is_run_each_time(sample):
        return kept
    return servers.run(sample)[0]


def is_run_each_time(sample: Sample) -> bool:
    return zlib.crc32(sample.id.encode()) % SURE == 0


def changes(sample: Sample, seen: Run, known: dict[str, list[Found]]) -> list[str]:
    """Return what *seen* finds otherwise than was stored, a line each."""
    if sys.version_info[:2] != PYTHON:
        return []
    if sample.id not in known:
        return [f"{sample.id} is not in golden.json: {_command(sample)}"]
    free = UNSTORED.get(sample.id, ())
    return list(_differences(known[sample.id], found_in(seen), free))


def _command(sample: Sample) -> str:
    return f"python tests/modes/golden.py --write {sample.path.parent.name}"


def _differences(before: list[Found], now: list[Found], free: tuple[str, ...]) -> Iterator[str]:
    if len(before) != len(now):
        codes = [" ".join(one["code"] for one in found) or "nothing" for found in (before, now)]
        yield f"was {codes[0]}, is {codes[1]}"
        return
    for was, is_now in zip(before, now, strict=True):
        ours = () if OTHERS_SERVERS in is_now.get("why", "") else ("why",)
        for key in (*FIELDS, *(one for one in WORDS if one != "why"), *ours):
            if key not in free and was.get(key) != is_now.get(key):
                yield f"{was['code']} {key}: was {was.get(key)}, is {is_now.get(key)}"


def kept_of(known: dict[str, Any], folders: list[str]) -> dict[str, Any]:
    """Return what stays as it was stored: of other folders, if only some were run."""
    if not folders:
        return {}
    return {one: said for one, said in known.items() if one.partition("/")[0] not in folders}


def store(found: dict[str, list[Found]], ended: dict[str, Ended]) -> None:
    """Write both, in the order in which a run of all samples finds them."""
    known = [one.id for one in collect()]
    ordered = {one: found[one] for one in known if one in found}
    FILE.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    lines = [f" {json.dumps(one)}: {json.dumps(ended[one])}" for one in known if one in ended]
    OUTCOMES.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def main() -> int:
    """Run samples; store what they find, or print what they find otherwise."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="store what is found")
    parser.add_argument("folders", nargs="*", help="of which samples: all, if none is named")
    asked = parser.parse_args()
    known = stored()
    found: dict[str, list[Found]] = {}
    ended: dict[str, Ended] = {}
    wrong = []
    with bench() as servers:
        for sample in collect(*asked.folders):
            plain, seen = servers.run(sample)
            found[sample.id] = found_in(seen)
            ended[sample.id] = plain.code, [list(one) for one in plain.outcomes]
            said = complaints(sample, plain, seen)
            if not said and not asked.write:
                said = changes(sample, seen, known)
            wrong += [f"{sample.id}: {line}" for line in said]
    if asked.write:
        kept = kept_of(known, asked.folders), kept_of(stored_outcomes(), asked.folders)
        store(kept[0] | found, kept[1] | ended)
    print("\n".join(wrong) or f"{len(found)} samples")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
