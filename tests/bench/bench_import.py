"""What importing loopcheck takes: by itself, as an extension of IPython, and in every pytest.

python tests/bench/bench_import.py
"""

import os
import subprocess
import sys
from functools import partial
from statistics import median

from measured import QUICK, Claim, Part, in_turns, table, tell, unsure

ROUNDS = 5 if QUICK else 15
MOST = 50.0  # ms
FIRST = "import loopcheck"
SHELL = "from IPython.core.interactiveshell import InteractiveShell as S; s = S.instance()"
STEPS = {  # what is there before, and what is timed
    "import asyncio": ("", "import asyncio"),
    FIRST: ("", "import loopcheck"),
    "a first look, imports and all": ("import loopcheck", "loopcheck.look()"),
    "%load_ext loopcheck": (SHELL, "s.run_line_magic('load_ext', 'loopcheck')"),
    "the plugin, not asked": ("import pytest", "import loopcheck.plugin"),
}


def took(before: str, step: str) -> float:
    """Return ms of processor that *step* takes in a process of its own."""
    code = (
        f"import time; {before or 'pass'}\nbegun = time.process_time()\n{step}\n"
        "took = time.process_time() - begun\nimport sys; sys.stderr.write(f'\\n{took}')"
    )
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    run = subprocess.run(
        (sys.executable, "-c", code), env=env, capture_output=True, text=True, check=True
    )
    return 1_000 * float(run.stderr.split()[-1])


def measure() -> Part:
    ways = {name: partial(took, *step) for name, step in STEPS.items()}
    for way in ways.values():
        way()  # compiled once
    found = in_turns(ways, ROUNDS, "import asyncio")
    rows = [[name, f"{median(found[name]):.1f}"] for name in STEPS]
    seen = median(found[FIRST])
    claim = Claim(
        what=f"`{FIRST}`",
        bound=f"{MOST:.0f} ms",
        seen=f"{seen:.1f} ms",
        share=seen / MOST,
        unsure=unsure(found[FIRST]),
    )
    note = f"Processor time, each in a process of its own, median of {ROUNDS}."
    return Part(title="Import", text=f"{table(['step', 'ms'], rows)}\n\n{note}", claims=(claim,))


if __name__ == "__main__":
    tell(measure)
