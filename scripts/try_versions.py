"""Installs loopcheck beside other versions of its neighbours, and tries each: a table with dates.

python scripts/try_versions.py [NAME…]    the combinations of scripts/versions.toml: needs network
python scripts/try_versions.py --here     in the environment of this Python, as lines of JSON

Each combination runs some samples (the fault is named, the cure gets no finding), a kernel that
loads loopcheck, and a lesson from its first cell to its last. The lesson's output is not compared:
it is stored with the lock's versions. Each combination writes its own row of docs/versions.md;
other rows keep their dates.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from page_ages import measured_now

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "versions.md"
SAMPLES: tuple[str, ...] = (
    "lc102_loop_mismatch",
    "lc107_blocked_loop",
    "lc201_task_leak",
    "lc202_never_awaited",
)
SAMPLES += ("lc205_lost_exception", "lc401_sync_mock_awaited")
LESSON = "notebooks/lc201_task_leak.ipynb"
SHOWN = ("pytest", "pytest-asyncio", "ipykernel", "ipytest", "nbval")
INI = "[pytest]\nasyncio_mode = strict\nasyncio_default_fixture_loop_scope = function\n"
SILENT = ": its fault is not named there"
LONGEST = 300  # seconds for one step
CELLS = {
    "load": "%load_ext loopcheck",
    "look": "import asyncio\n%loopcheck",
    "ipytest": "import ipytest\nipytest.autoconfig(run_in_thread=True)",
    "run": (
        "%%ipytest -qq -p no:cacheprovider\nimport asyncio\nimport pytest\njobs = asyncio.Queue()\n"
        "async def take():\n    asyncio.get_running_loop().call_soon(jobs.put_nowait, 1)\n"
        "    assert await jobs.get() == 1\n"
        "@pytest.mark.asyncio\nasync def test_one():\n    await take()\n"
        "@pytest.mark.asyncio\nasync def test_two():\n    await take()\n"
    ),
    "why": "%loopcheck why",
}
HEAD = """# Versions

`make try-versions` installs loopcheck with each of these combinations, in the newest patch releases
that the package index had on that day, and tries it:

- *samples*: six samples with their fault and their cure. No cure gets a finding, and no fault the
  name of another
- *kernel*: a kernel that loads loopcheck, explains a test of `%%ipytest` and prints why it failed
- *lesson*: the lesson of LC201, from its first cell to its last

| | on | Python | {packages} | samples | kernel | lesson |
| --- | --- | --- |{line} --- | --- | --- |
"""


def main() -> int:
    if "--here" in sys.argv:
        print(json.dumps(here()))
        return 0
    every = tomllib.loads((ROOT / "scripts" / "versions.toml").read_text("utf-8"))
    names = sys.argv[1:]
    if unknown := set(names) - every.keys():
        print(f"No combination {', '.join(sorted(unknown))}: there are {', '.join(every)}.")
        return 2
    good = True
    for name in names or every:
        seen = elsewhere(name, every[name])
        told = [row(name, seen), *notes(name, seen, every[name].get("note"))]
        good = good and not seen["wrong"]
        print("\n".join(told), flush=True)
        if seen["versions"]:  # after each: the whole takes half an hour, and may be interrupted
            others = kept(PAGE.read_text("utf-8"), name)
            PAGE.write_text(page([*others, *told], every), "utf-8")
    return int(not good)


# Environments


def elsewhere(name: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """Return the results in a new environment with the *wanted* versions."""
    python = found(wanted["python"])
    if python is None:
        return {"versions": {}, "wrong": [f"Python {wanted['python']} is not here: not tried"]}
    with tempfile.TemporaryDirectory(prefix=f"lc-{name}-") as folder:
        subprocess.run([python, "-m", "venv", folder], check=True)
        own = str(Path(folder, "Scripts" if os.name == "nt" else "bin", "python"))
        pip = (own, "-m", "pip", "install", "-qq", "--disable-pip-version-check")
        subprocess.run([*pip, *wanted["packages"], str(ROOT)], check=True)
        ran = subprocess.run([own, __file__, "--here"], stdout=subprocess.PIPE, check=False)
        lines = ran.stdout.decode().splitlines()
        return dict(json.loads(lines[-1])) if lines else {"versions": {}, "wrong": ["it ended"]}


def found(wanted: str) -> str | None:
    """Return a Python of that version: on the path, or in a folder of PYTHONS."""
    if wanted == "{}.{}".format(*sys.version_info):
        return sys.executable
    places = os.pathsep.join([os.environ.get("PYTHONS", ""), os.environ.get("PATH", "")])
    return shutil.which(f"python{wanted}", path=places)


# Here


def here() -> dict[str, Any]:
    """Return the versions of this environment, and its problems.

    A fault that older versions hide is noted: they print other messages, or nothing.
    """
    seen = {name: _version(name) for name in SHOWN}
    said = list(tried_samples(seen["pytest-asyncio"] is not None))
    notes = [line for line in said if line.endswith(SILENT)]
    samples = [line for line in said if line not in notes]
    parts = {
        "samples": samples,
        "kernel": list(tried_kernel()) if seen["pytest-asyncio"] else None,
        "lesson": list(tried_lesson()) if seen["pytest-asyncio"] else None,
    }
    wrong = [line for lines in parts.values() for line in lines or ()]
    ends = {part: lines if lines is None else not lines for part, lines in parts.items()}
    return {
        "versions": seen,
        "wrong": wrong,
        "notes": notes,
        "ends": ends,
        "python": sys.version.split()[0],
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def tried_samples(asyncio_there: bool) -> Iterator[str]:
    """Yield the problems with the samples; without pytest-asyncio each of them is LC303."""
    for stem in SAMPLES:
        for kind in ("bad", "good"):
            codes, crashed = sample(ROOT / "tests" / "modes" / stem / f"{kind}.py")
            wanted = [stem[:5].upper()] if kind == "bad" else []
            if crashed:
                yield f"{stem}/{kind} ended with an error of its own"
            elif not asyncio_there and set(codes) - {"LC303"}:
                yield f"{stem}/{kind} gave {', '.join(codes)}, though nobody ran it"
            elif asyncio_there and codes != wanted:
                yield f"{stem}/{kind} gave {', '.join(codes)}" if codes else f"{stem}{SILENT}"


def sample(file: Path) -> tuple[list[str], bool]:
    """Return the codes from a run of *file*, and whether loopcheck or pytest crashed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pytest.ini").write_text(INI, "utf-8")
        shutil.copy(file, folder / "test_sample.py")
        options = ("-p", "no:cacheprovider", "--loopcheck", "--loopcheck-json=report.json")
        ran = bounded([sys.executable, "-m", "pytest", "-q", *options, "test_sample.py"], folder)
        report = folder / "report.json"
        if not report.exists() or "INTERNALERROR" in ran or "please report it" in ran:
            return [], True
        return [one["code"] for one in json.loads(report.read_text("utf-8"))["findings"]], False


def bounded(command: list[str], folder: Path) -> str:
    """Return the output of *command*; stop a run that does not end."""
    try:
        ran = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=LONGEST
        )
    except subprocess.TimeoutExpired:
        return "INTERNALERROR: it did not end"
    return ran.stdout + ran.stderr


def tried_kernel() -> Iterator[str]:
    """Yield the problems in a kernel of this environment."""
    from jupyter_client.manager import start_new_kernel  # late: comes with ipykernel

    manager, client = start_new_kernel(kernel_name="python3")
    try:
        for name, code in CELLS.items():
            said: list[str] = []
            reply = client.execute_interactive(
                code,
                timeout=LONGEST,
                output_hook=lambda message, said=said: said.append(str(message)),
            )
            if reply["content"]["status"] != "ok":
                yield f"the kernel's cell `{name}` ended with {reply['content'].get('ename')}"
            elif name == "why" and "LC102" not in "".join(said):
                yield "`%loopcheck why` did not say LC102"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def tried_lesson() -> Iterator[str]:
    """Yield the problems when a lesson runs from its first cell to its last."""
    options = ("--nbval-lax", "-q", "-p", "no:cacheprovider", "-p", "no:loopcheck")
    ran = bounded([sys.executable, "-m", "pytest", *options, LESSON], ROOT)
    last = ran.strip().splitlines()[-1]
    if "failed" in last or "error" in last or "passed" not in last:
        yield f"the lesson ended with: {last}"


# The page


def row(name: str, seen: dict[str, Any]) -> str:
    versions = [seen["versions"].get(package) or "-" for package in SHOWN]
    words = {True: "yes", False: "no", None: "-"}
    ends = [words[seen.get("ends", {}).get(part)] for part in ("samples", "kernel", "lesson")]
    return f"| {' | '.join([name, measured_now(), seen.get('python', '-'), *versions, *ends])} |"


def notes(name: str, seen: dict[str, Any], known: str | None) -> list[str]:
    """Return the notes below the table: what this run saw, and what is *known* before."""
    said = [*seen["wrong"], *seen.get("notes", ()), *filter(None, [known])]
    return [f"- {name}: {one}" for one in said]


def kept(page: str, but: str) -> list[str]:
    """Return the rows and notes of *page*, without those of the combination *but*."""
    ours = (f"| {but} |", f"- {but}:")
    return [
        line
        for line in page.partition("| --- |")[2].splitlines()[1:]
        if line.startswith(("| ", "- ")) and not line.startswith(ours)
    ]


def page(told: list[str], order: Iterable[str]) -> str:
    """Return the page with the rows and notes *told*, each in the *order* of the combinations."""
    head = HEAD.format(packages=" | ".join(SHOWN), line=" --- |" * len(SHOWN))
    rows = [line for name in order for line in told if line.startswith(f"| {name} |")]
    below = [line for name in order for line in told if line.startswith(f"- {name}:")]
    return "\n".join([head + "\n".join(rows), "", *below, ""]).replace("\n\n\n", "\n\n")


if __name__ == "__main__":
    sys.exit(main())
