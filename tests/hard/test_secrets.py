"""Passwords and tokens in all that a face may show, and in none of what the faces show."""

import asyncio
import os
import sys
from pathlib import Path

import pytest
import warm
from test_plugin import PLUGINS
from test_raw import section_of
from test_secrets_never_show import SAID, SECRET  # type: ignore[import-not-found,unused-ignore]
from tried import Planted

import loopcheck
from loopcheck.cli import main

SUITE = """
import asyncio, pytest
pytestmark = pytest.mark.asyncio
SAID = {said!r}
kept = {{SAID: asyncio.Queue()}}

async def use(queue, where=SAID):
    asyncio.get_running_loop().call_soon(queue.put_nowait, 1)
    await queue.get()

@pytest.mark.parametrize("n", [1, 2], ids=[SAID + "1", SAID + "2"])
async def test_queue(n):
    await use(kept[SAID])

async def test_group():
    raise ExceptionGroup(SAID, [RuntimeError("Event loop is closed " + SAID)])

async def test_leaves():
    asyncio.create_task(asyncio.sleep(600), name=SAID)
    await asyncio.sleep(0)

async def test_loses():
    async def work():
        raise ValueError(SAID)
    asyncio.create_task(work(), name=SAID)
    await asyncio.sleep(0)

async def test_hangs():
    async def waits():
        await kept.setdefault(SAID + "x", asyncio.Event()).wait()
    await asyncio.create_task(waits(), name=SAID)

def test_sync():
    use(kept[SAID], SAID)
"""


@pytest.mark.parametrize("said", SAID)
def test_a_run_of_pytest(said: str, tmp_path: Path, planted: Planted) -> None:
    (tmp_path / "test_it.py").write_text(SUITE.format(said=said), encoding="utf-8")
    env = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "GITHUB_ACTIONS": "true"}
    options = ("--loopcheck-json=report.json", "--loopcheck", "--loopcheck-hang=0.5")
    done = warm.run([sys.executable, "-m", "pytest", *PLUGINS, *options], tmp_path, env)
    planted(7)
    ours = section_of(done.stdout)
    assert "LC102" in ours, done.stdout
    commands = [line for line in done.stdout.splitlines() if line.startswith("::")]
    report = (tmp_path / "report.json").read_text(encoding="utf-8")
    shown = [line for line in [*ours.splitlines(), *commands] if SECRET in line]
    assert not shown
    assert not [line for line in report.splitlines() if SECRET in line]


@pytest.mark.parametrize("said", SAID)
def test_in_code(said: str, planted: Planted) -> None:
    async def waits() -> str:
        kept = {said: asyncio.Lock(), "url": said}
        task = asyncio.create_task(kept[said].acquire(), name=said)  # type: ignore[attr-defined]
        seen = loopcheck.look(deep=True, machinery=True)
        await task
        return f"{seen.text}{seen.html}{seen.facts}"

    planted(3)
    assert SECRET not in asyncio.run(waits())
    found = loopcheck.why(RuntimeError(f"Event loop is closed {said}"))
    assert SECRET not in f"{found.text}{found.html}{found.findings}"


def test_settings_that_hold_one(
    tmp_path: Path, planted: Planted, capsys: pytest.CaptureFixture[str]
) -> None:
    for said in SAID:
        quoted = said.replace("%", "%%")
        (tmp_path / "pytest.ini").write_text(
            f"[pytest]\naddopts = --x='{quoted}'\nasyncio_mode = {quoted}\nenv = {quoted}\n"
        )
        planted(3)
        main.main(["doctor", str(tmp_path)])
        main.main(["doctor", str(tmp_path), "--json"])
        assert SECRET not in capsys.readouterr().out
