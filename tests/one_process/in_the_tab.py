"""Runs samples with pytest in Pyodide, and leaves their outcomes as `answer`, in JSON."""

import io
import json
import os
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

sys.path[:0] = ["/kernel_ext", "/venv/site-packages"]
sys.pycache_prefix = "/bytecode"
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"

import pytest  # noqa: E402

import loopcheck.servers  # noqa: E402
from loopcheck.one_process import lone_loop, memory_sockets  # noqa: E402

SAMPLES = ("lc102_loop_mismatch/bad", "lc106_scope_mismatch/bad", "lc202_never_awaited/bad")
OPTIONS = ("-p", "pytest_asyncio.plugin", "-p", "loopcheck.plugin", "-p", "no:cacheprovider")
HANGS = """
import asyncio
import pytest

@pytest.mark.asyncio
async def test_waits():
    await asyncio.Event().wait()
"""


def run(folder: Path, *options: str) -> dict[str, object]:
    report, said = folder / "report.json", io.StringIO()
    os.chdir(folder)
    asked = [*OPTIONS, "--loopcheck", f"--loopcheck-json={report}", f"--rootdir={folder}", *options]
    with redirect_stdout(said), redirect_stderr(said), lone_loop.in_use():
        code = int(pytest.main(asked))
    return {"code": code, "said": said.getvalue(), "report": json.loads(report.read_text())}


found = {}
with memory_sockets.in_use(), loopcheck.servers.valkey(quiet=True) as server:
    os.environ["VALKEY_URL"] = server.url
    for sample in SAMPLES:
        stem = sample.partition("/")[0]
        folder = Path("/tmp", stem)
        folder.mkdir()
        shutil.copy(f"/samples/{sample}.py", folder / f"test_{stem}.py")
        found[stem] = run(folder)
    folder = Path("/tmp/hangs")
    folder.mkdir()
    (folder / "test_hangs.py").write_text(HANGS)
    found["hangs"] = run(folder, "--loopcheck-hang=1", "--tb=line")

answer = json.dumps(found)
