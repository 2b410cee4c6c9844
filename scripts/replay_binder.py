"""Do what Binder's image would do, without Docker: `make test-binder`.

repo2docker prints the Dockerfile that it would build. The script compares its steps with `binder/`,
and replays them on a copy of the last commit, in a clean environment and a clean home: postBuild,
start, JupyterLab, and the first cell of a lesson with a server. It needs the network for packages,
and some minutes. Linux and macOS.

    python scripts/replay_binder.py [--repo2docker COMMAND]
"""

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FIRST = "workbook/00_start_here.ipynb"
LESSON = "lc102_loop_mismatch.ipynb"
SERVER_WITHIN = 2.0  # seconds, for a lesson's first server
ANSWERS_WITHIN = 60.0  # seconds: Jupyter prints its address before it listens there
ENDS_WITHIN = 30.0  # seconds, before it is killed
ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+)/\S*token=(\w+)")
WANTED = (  # what the Dockerfile must contain, and what that means
    (r'env update .*--file "?binder/environment\.yml', "the packages of binder/environment.yml"),
    (r"python=3\.11", "Python 3.11"),
    (r"RUN .*chmod \+x binder/postBuild|RUN .*binder/postBuild", "binder/postBuild is run"),
    (r"binder/start", "binder/start starts the server"),
)
TRY = """
import json, sys, time
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="python3")
try:
    cells = json.load(open(sys.argv[1], encoding="utf-8"))["cells"]
    code = next("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    began = time.perf_counter()
    reply = client.execute_interactive(code, timeout=60, output_hook=lambda message: None)
    print(json.dumps({"status": reply["content"]["status"], "took": time.perf_counter() - began}))
finally:
    client.stop_channels()
    manager.shutdown_kernel()
"""


def main() -> int:
    """Replay the image; return 0 if everything works."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repo2docker", help="else it is installed for this run alone")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="loopcheck-binder-") as home:
        faults = list(_replay(Path(home).resolve(), asked.repo2docker))
    for fault in faults:
        print(f"✗ {fault}")
    return 1 if faults else 0


def _replay(home: Path, repo2docker: str | None) -> Iterator[str]:
    """Yield what does not work."""
    checkout = home / "repository"
    checkout.mkdir()
    archive = subprocess.run(
        ["git", "archive", "HEAD"], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    subprocess.run(["tar", "-x", "-C", str(checkout)], input=archive.stdout, check=True)
    yield from _dockerfile(home, checkout, repo2docker)
    env = _environment(home, "image") | {"REPO_DIR": str(checkout)}
    began = time.monotonic()
    _run([str(checkout / "binder" / "postBuild")], checkout, env)
    print(f"postBuild: {time.monotonic() - began:.0f} s; image: {_contents(home / 'image')}")
    if shutil.which("gcc", path=env["PATH"]) and list(home.rglob("*.o")):
        yield "something was compiled"
    with _lab(checkout, env) as (address, token):
        page = _get(f"{address}/lab/tree/{FIRST}?token={token}")
        if "jupyter-config-data" not in page:
            yield "JupyterLab does not answer at the first page"
    copy = json.loads((checkout / FIRST).read_text(encoding="utf-8"))
    if any(cell.get("outputs") for cell in copy["cells"]):
        yield f"{FIRST} has outputs"
    if list((checkout / "workbook").rglob("solutions")):
        yield "the copy has solutions"
    yield from _first_server(checkout / "workbook" / LESSON, env)


def _dockerfile(home: Path, checkout: Path, command: str | None) -> Iterator[str]:
    """Yield the steps that repo2docker would not do."""
    if command is None:
        env = _environment(home, "repo2docker")
        _run(["pip", "install", "--quiet", "jupyter-repo2docker"], checkout, env)
        command = str(home / "repo2docker" / "bin" / "jupyter-repo2docker")
    done = subprocess.run(
        [command, "--no-build", "--debug", str(checkout)],
        capture_output=True,
        text=True,
        check=True,
    )
    said = done.stdout + done.stderr
    for pattern, what in WANTED:
        if not re.search(pattern, said):
            yield f"repo2docker's Dockerfile lacks: {what}"


def _environment(home: Path, name: str) -> dict[str, str]:
    """Make a virtual environment with its own home; return its environment variables."""
    venv.create(home / name, with_pip=True)
    (home / f"{name}-home").mkdir()
    kept = {key: os.environ[key] for key in ("LANG", "TMPDIR") if key in os.environ}
    kept |= {key: text for key, text in os.environ.items() if key.startswith("PIP_")}
    return kept | {
        "HOME": str(home / f"{name}-home"),
        "PATH": os.pathsep.join([str(home / name / "bin"), "/usr/bin", "/bin"]),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def _run(command: Sequence[str], folder: Path, env: dict[str, str]) -> str:
    done = subprocess.run(
        [shutil.which(command[0], path=env["PATH"]) or command[0], *command[1:]],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{command[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def _contents(image: Path) -> str:
    """Return the size of the environment, and its five largest packages."""
    [packages] = image.glob("lib/python*/site-packages")
    sizes = {path.name: _size(path) for path in packages.iterdir() if path.is_dir()}
    largest = sorted(sizes, key=sizes.__getitem__, reverse=True)[:5]
    names = ", ".join(f"{name} {sizes[name] >> 20}" for name in largest)
    return f"{_size(image) >> 20} MiB (largest: {names})"


def _size(folder: Path) -> int:
    return sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file())


@contextmanager
def _lab(checkout: Path, env: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Start JupyterLab through binder/start; yield its address and token."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["--no-browser", "--ip=127.0.0.1", f"--port={port}", "--allow-root"]
    process = subprocess.Popen(
        [str(checkout / "binder" / "start"), "jupyter", "lab", *options],
        cwd=checkout,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stderr is not None
        found = next(filter(None, map(ADDRESS.search, process.stderr)), None)
        if found is None:
            raise SystemExit("binder/start ended before JupyterLab told its address")
        yield found[1], found[2]
    finally:
        _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """End *process* and everything it started, even if it ignores requests to end."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        try:
            process.communicate(timeout=ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            continue
        return


def _get(address: str) -> str:
    """Return the page at *address* as soon as its server answers."""
    latest = time.monotonic() + ANSWERS_WITHIN
    while True:
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError:
            raise  # it answers
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > latest:
                raise
            time.sleep(0.1)


def _first_server(lesson: Path, env: dict[str, str]) -> Iterator[str]:
    """Run the first cell of a lesson twice, the second time with warm files, as learners do."""
    for _ in "12":
        told = json.loads(_run(["python", "-c", TRY, str(lesson)], lesson.parent, env))
        print(f"first cell of {lesson.name}, extension and server: {told['took']:.1f} s")
    if told["status"] != "ok":
        yield f"the first cell of {lesson.name} fails"
    if told["took"] > SERVER_WITHIN:
        yield f"the first server took {told['took']:.1f} s, at most {SERVER_WITHIN:g} are meant"


if __name__ == "__main__":
    sys.exit(main())
