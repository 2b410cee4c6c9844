"""loopcheck in Pyodide, which is Python in a browser tab: no threads, processes or sockets."""

import json
import os
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "lite" / "node_modules" / "pyodide"
BOUND = 300  # seconds: ten on a machine that is free
Outcome = dict[str, Any]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    node = shutil.which("node")
    if node is None or not CORE.is_dir():
        why = "Pyodide runs in Node.js: install that, then run make lite/node_modules"
        # Our own CI has both; elsewhere the rest of the tests goes without.
        (pytest.fail if os.environ.get("LOOPCHECK_PYODIDE") else pytest.skip)(why)
    folders = {
        "kernel_ext": ROOT / "kernel_ext",
        "samples": ROOT / "tests" / "modes",
        "venv/site-packages": sysconfig.get_paths()["purelib"],
    }
    here = Path(__file__).parent
    command: list[str | Path] = [node, here / "run_python.mjs", here / "in_the_tab.py"]
    command += [tmp_path_factory.mktemp("bytecode"), CORE]
    done = subprocess.run(
        [*command, *(f"{name}={there}" for name, there in folders.items())],
        capture_output=True,
        text=True,
        timeout=BOUND,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Outcome] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("lc102_loop_mismatch", "orders"),
        ("lc106_scope_mismatch", "client"),
        ("lc202_never_awaited", "check_price"),
    ],
)
def test_a_sample_gets_its_finding_at_its_line(
    outcomes: dict[str, Outcome], stem: str, name: str
) -> None:
    [found] = outcomes[stem]["report"]["findings"]
    code = stem[:5].upper()
    assert (found["code"], found["certainty"]) == (code, "certain")
    text = (ROOT / "tests" / "modes" / stem / "bad.py").read_text().splitlines()
    assert f"# {code}" in text[found["where"]["line"] - 1]
    assert name in found["what"]
    assert "please report it" not in outcomes[stem]["said"]


def test_one_line_says_what_is_not_watched(outcomes: dict[str, Outcome]) -> None:
    for outcome in outcomes.values():
        assert len(re.findall(r"this Python has no threads", outcome["said"])) == 1


def test_a_test_that_nothing_can_wake_ends_at_once(outcomes: dict[str, Outcome]) -> None:
    assert outcomes["hangs"]["code"] == 1
    assert "nothing in this process can wake it" in outcomes["hangs"]["said"]
    assert "please report it" not in outcomes["hangs"]["said"]
