"""Build a release and try it as a stranger would: `make release-check`.

    python scripts/check_release.py [FOLDER]    leaves sdist and wheel in FOLDER (dist/)

It checks both archives with twine, installs each into an empty environment and runs there what
the README says to run. What is wrong is one line, and the exit code 1.
"""

import argparse
import os
import shlex
import subprocess
import sys
import tempfile
import time
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "tests" / "modes" / "lc102_loop_mismatch" / "bad.py"
Line = tuple[str, tuple[str, ...], str]
# Each line stands in the README. What it needs besides loopcheck, and what it has to print.
LINES: tuple[Line, ...] = (
    ("loopcheck explain LC102", (), "LC102 loop-mismatch"),
    ("pytest --loopcheck", ("pytest", "pytest-asyncio"), "LC102 loop-mismatch (certain)"),
    ("%load_ext loopcheck", ("ipython",), "loops"),
)
AFTER = {"%load_ext loopcheck": "%loopcheck"}  # what shows that the extension is there
INSTALL = ("install", "--disable-pip-version-check", "--no-compile")
LONGEST = 300  # characters of what went wrong
BOUND = 300.0  # seconds for one command


class NotReleasableError(Exception):
    """One line: what is wrong with this release."""


def run(what: str, *words: str | Path, cwd: Path, codes: Sequence[int] = (0,)) -> str:
    """Run a command and return what it prints; *what* names it if it fails."""
    kept = {name: value for name, value in os.environ.items() if not _leads_elsewhere(name)}
    try:
        done = subprocess.run(
            words, cwd=cwd, env=kept, capture_output=True, text=True, check=False, timeout=BOUND
        )
    except subprocess.TimeoutExpired:
        raise NotReleasableError(f"{what}: no end after {BOUND:.0f} seconds") from None
    if done.returncode not in codes:
        lines = (done.stderr.strip() or done.stdout.strip() or "no output").splitlines()
        raise NotReleasableError(f"{what}: exit code {done.returncode}, {lines[-1][:LONGEST]}")
    return done.stdout


def _leads_elsewhere(name: str) -> bool:
    """Whether a variable of the caller's shell would change what an empty environment does."""
    return name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV") or name.startswith("PYTEST_")


def build(folder: Path) -> list[Path]:
    """The sdist and the wheel, which is built from the sdist: so that must be complete."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("loopcheck-*"):
        old.unlink()
    words = (sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT)
    run("build", *words, cwd=folder)
    files = sorted(folder.glob("loopcheck-*"))
    ends = [file.name.rpartition(".")[2] for file in files]
    if ends != ["whl", "gz"]:
        raise NotReleasableError(f"build: a wheel and an sdist are expected, not {ends}")
    return files


def check_metadata(files: Sequence[Path]) -> None:
    """Raise if an index would refuse the archives, or GitHub the citation."""
    twine = (sys.executable, "-m", "twine", "check", "--strict")
    run("twine check --strict", *twine, *files, cwd=ROOT)
    converter = Path(sys.executable).with_name("cffconvert")  # it has no `python -m`
    run("CITATION.cff", converter, "--validate", "-i", "CITATION.cff", cwd=ROOT)


def try_as_stranger(file: Path, folder: Path) -> None:
    """Install *file* into an empty environment in *folder* and run the README's lines there."""
    here = folder / "venv"
    venv.create(here)
    programs = here / ("Scripts" if os.name == "nt" else "bin")
    # This Python's pip, since to put one there takes longer than all else.
    pip = (sys.executable, "-m", "pip", "--python", str(programs / "python"), "--quiet")
    run(f"pip install {file.name}", *pip, *INSTALL, file, cwd=folder)
    installed = run("pip list", *pip, "list", "--format=freeze", cwd=folder)
    strangers = {line.partition("=")[0] for line in installed.splitlines()} - {"loopcheck"}
    if strangers:
        raise NotReleasableError(f"{file.name} brings other packages: {', '.join(strangers)}")
    alone = [line for line in LINES if not line[1]]
    _try_lines(alone, file, programs, folder)
    needs = sorted({name for _, names, _ in LINES for name in names})
    run(f"pip install {' '.join(needs)}", *pip, *INSTALL, *needs, cwd=folder)
    (folder / "test_orders.py").write_bytes(SAMPLE.read_bytes())
    _try_lines([line for line in LINES if line[1]], file, programs, folder)


def _try_lines(lines: Sequence[Line], file: Path, programs: Path, folder: Path) -> None:
    for line, _, expected in lines:
        said = run(f"{file.name}: {line}", *_command(line, programs), cwd=folder, codes=(0, 1))
        if expected not in said:
            raise NotReleasableError(f"{file.name}: `{line}` does not print `{expected}`")


def _command(line: str, programs: Path) -> list[str | Path]:
    """How to run a line of the README in the environment of *programs*."""
    if line.startswith("%"):
        return [programs / "python", "-m", "IPython", "-c", f"{line}\n{AFTER[line]}"]
    name, *rest = shlex.split(line)
    return [programs / name, *rest]


def missing(wheel: Path) -> list[str]:
    """What a person has to do before an upload, and no check can know."""
    with zipfile.ZipFile(wheel) as packed:
        [name] = [one for one in packed.namelist() if one.endswith(".dist-info/METADATA")]
        told = packed.read(name).decode()
    if "Project-URL: Issues" in told:
        return []
    return ["the repository has no public address: git remote add origin, and build again"]


def main(words: Sequence[str] | None = None) -> int:
    """Check a release; print each step, or what is wrong with it."""
    parser = argparse.ArgumentParser(description="Build a release and try it as a stranger would.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "dist")
    folder = parser.parse_args(words).folder.resolve()
    began = time.monotonic()
    try:
        files = build(folder)
        check_metadata(files)
        print(f"built and checked: {', '.join(file.name for file in files)}")
        for file in files:
            with tempfile.TemporaryDirectory() as place:
                try_as_stranger(file, Path(place))
            print(f"{file.name}: installs alone; {'; '.join(line for line, *_ in LINES)}")
    except NotReleasableError as wrong:
        print(f"release-check: {wrong}", file=sys.stderr)
        return 1
    [wheel] = [file for file in files if file.suffix == ".whl"]
    for line in missing(wheel):
        print(f"before an upload: {line}")
    print(f"releasable, checked in {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
