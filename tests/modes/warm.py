"""Runs of pytest in processes that are forked from one where what they import is loaded already.

A process of its own costs a third of a second before its first test, or one and a half with
SQLAlchemy, and the tests need some two thousand. The process that forks runs nothing and never
sees a project's files. Where forks are not safe, each run is a process of its own.
"""

import atexit
import gc
import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from functools import cache
from importlib import import_module, metadata
from io import StringIO
from itertools import takewhile
from multiprocessing import forkserver
from pathlib import Path
from typing import Any, Protocol, Self

import pytest
from _pytest import config
from _pytest.config import default_plugins

import loopcheck

AVAILABLE = sys.platform == "linux"  # macOS can fork, too, but not all of its libraries bear it
PACKAGE = Path(loopcheck.__file__).parent
OURS = [
    ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts)
    for room in ("source", "process", "runner", "watch", "case", "modes", "report", "plugin")
    for file in sorted((PACKAGE / room).rglob("*.py"))
    if file.name != "__init__.py"
]
CLIENTS = ["valkey.asyncio", "redis.asyncio", "fakeredis", "asyncpg", "aiosqlite", "aiohttp"]
CLIENTS += ["sqlalchemy.ext.asyncio", "httpx", "fastapi", "prometheus_client", "unittest.mock"]
CLIENTS += ["sqlalchemy.dialects.sqlite.aiosqlite", "sqlalchemy.dialects.postgresql.asyncpg"]
PYTESTS = ["pytest", "pytest_asyncio.plugin", "_pytest.tracemalloc", "_pytest._argcomplete"]
PYTESTS += [*(f"_pytest.{name}" for name in default_plugins), "pdb", "readline"]
LOADED = [*PYTESTS, *CLIENTS, "loopcheck.lab.observer", *OURS]
PLUGINS = ("_pytest", "pytest_asyncio")
# What most runs leave out of pytest: those of answers say it in their own way.
LESS = [("no:cacheprovider",), ("no:terminal", "no:cacheprovider")]
REHEARSED = ["-p", "no:cacheprovider", "-p", "pytest_asyncio.plugin"]
REHEARSAL = """\
import pytest

@pytest.fixture
def numbers():
    yield [1, 2]

@pytest.mark.parametrize("number", [2, 3])
def test_it_is_there(numbers, number):
    assert number in numbers, "lost"
"""
TESTS = str(Path(__file__).parents[1]) + os.sep
LONGEST = 60  # seconds for one run
# The rest of what is said to Python is read only as it starts.
AGAIN = {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTHONIOENCODING"}
_tests: list[str] = []  # modules of these folders, in the process that forks
_latest = ""  # of all modules there


class Running(Protocol):
    """A run, in either kind of process."""

    def poll(self) -> int | None: ...
    def kill(self) -> None: ...
    def communicate(self, *, timeout: float | None = None) -> tuple[str, str]: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *error: Any) -> None: ...


def run(
    command: Sequence[str], folder: Path, env: Mapping[str, str], *, cold: bool = False
) -> "subprocess.CompletedProcess[str]":
    """Run *command* as `subprocess.run` would, and return what it said."""
    process = start(command, folder, env, cold=cold, stderr=subprocess.PIPE)
    try:
        said, complained = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return subprocess.CompletedProcess(command, process.poll() or 0, said, complained)


def start(
    command: Sequence[str],
    folder: Path,
    env: Mapping[str, str],
    *,
    cold: bool = False,
    stderr: int = subprocess.STDOUT,
) -> Running:
    """Start *command*, which is `python -m pytest …`, in *folder*: warm, unless it can't be."""
    if AVAILABLE and not cold and _is_alike(command, env):
        return Warm(command, folder, env, apart=stderr == subprocess.PIPE)
    return subprocess.Popen(
        command,
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    )


def _is_alike(command: Sequence[str], env: Mapping[str, str]) -> bool:
    """Return whether it is this Python, started as this one was, with what is loaded already."""
    same = command[0] == sys.executable and _at_start(env) == _at_start(os.environ)
    return same and "pytest_asyncio.plugin" in command


def _at_start(env: Mapping[str, str]) -> dict[str, str]:
    names = {name for name in env if name.startswith("PYTHON")} - AGAIN
    return {name: env[name] for name in names}


class Warm:
    """A run: of `subprocess.Popen` as much as tests need. Ask it for its output, or kill it."""

    def __init__(
        self, command: Sequence[str], folder: Path, env: Mapping[str, str], *, apart: bool = False
    ) -> None:
        ready()
        self.files = [_new_file() for _ in range(1 + apart)]
        args = (list(command[3:]), str(folder), dict(env), _fresh_path(), self.files)
        self._process = multiprocessing.get_context("forkserver").Process(
            name="MainProcess", target=_be_pytest, args=args, daemon=True
        )
        self._process.start()
        self.pid = self._process.pid or 0

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> None:
        self._process.join(timeout)

    def kill(self) -> None:
        self._process.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.wait()
        self.forget()

    def communicate(self, *, timeout: float | None = None) -> tuple[str, str]:
        """Wait for the end, and return what was written. It can be asked once."""
        self.wait(timeout)
        if self.poll() is None:
            raise subprocess.TimeoutExpired("pytest", timeout or 0)
        texts = [Path(file).read_text(errors="replace") for file in self.files]
        self.forget()
        return texts[0], texts[1] if texts[1:] else ""

    def forget(self) -> None:
        """Remove what was written."""
        for file in self.files:
            Path(file).unlink(missing_ok=True)


def _new_file() -> str:
    handle, name = tempfile.mkstemp()
    os.close(handle)
    return name


@cache
def ready() -> None:
    """Start the process that forks, which finds its modules here: only 3.12 is told our path.

    It has loaded all when its first fork is over. Nobody's clock is to run meanwhile: on a machine
    with ten times too much to do that took longer than pytest may take to come up.
    """
    multiprocessing.get_context("forkserver").set_forkserver_preload(["warm_start"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)
        forkserver.ensure_running()
    first = multiprocessing.get_context("forkserver").Process(target=int, daemon=True)
    first.start()
    first.join()


@cache
def _fresh_path() -> list[str]:
    """Return what a new process has in `sys.path`, but for the folder that it is started in."""
    code = "import sys; print(*sys.path[1:], sep='\\n')"
    words = [sys.executable, "-c", code]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()


def _be_pytest(
    args: list[str], folder: str, env: dict[str, str], path: list[str], files: list[str]
) -> None:
    """Be what `python -m pytest` is, from its start to its end."""
    sys.path[:] = [folder, *path]
    sys.argv = ["pytest", *args]
    os.setsid()  # whoever ends it may end what it started, too
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    sys.dont_write_bytecode = bool(env.get("PYTHONDONTWRITEBYTECODE"))
    _write_to(files, env)
    for name in [*_tests, *takewhile(lambda name: name != _latest, reversed(sys.modules))]:
        if _is_tests(name):
            del sys.modules[name]  # this one, and those of who started us: they are not the user's
    try:
        runpy.run_module("pytest", run_name="__main__", alter_sys=True)
    finally:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()


def _is_tests(name: str) -> bool:
    return str(getattr(sys.modules.get(name), "__file__", "")).startswith(TESTS)


def load() -> None:
    """Import, once, what all runs import: in the process that they are forked from."""
    global _tests, _latest
    for name in LOADED:
        with suppress(ImportError):
            import_module(name)
    _name_hooks_only()
    _know_plugins()
    plugin: Any = sys.modules["pytest_asyncio.plugin"]
    plugin.__doc__ = "PYTEST_DONT_REWRITE"  # pytest warns of plugins that are loaded before it runs
    _rehearse()
    _begin_all()
    # To ask all modules is to copy what each of them lies in, in every run.
    _tests = [name for name in sys.modules if _is_tests(name)]
    _latest = next(reversed(sys.modules))
    gc.collect()
    gc.freeze()  # else each collection looks through all of it, and makes a copy of it
    # It would count all of that one by one: a third of what a look at a small run costs.
    gc.get_freeze_count = lambda: 0


def _rehearse() -> None:
    """Run a test that passes and one that fails: Python is quicker at what it did before.

    What it learns of code and patterns, each fork would learn anew, and copy what that lies in: a
    tenth of a run. Nothing here makes a loop or a task, since those are numbered.
    """
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        Path(folder, "test_rehearsal.py").write_text(REHEARSAL)
        patch.chdir(folder)
        patch.setattr(sys, "path", [*sys.path])
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            pytest.main([*REHEARSED, f"--junitxml={folder}/report.xml"])
    del sys.modules["test_rehearsal"], sys.last_type, sys.last_value, sys.last_traceback


def _name_hooks_only() -> None:
    """Let pytest's own modules, and its plugins' classes, name their hooks and fixtures alone.

    pytest tries each name of forty plugins for a hook and for a fixture, as often as it starts:
    that was a third of a run.
    """
    for module in [one for name, one in sys.modules.items() if name.partition(".")[0] in PLUGINS]:
        names = [name for name, kept in vars(module).items() if _is_for_pytest(name, kept)]
        module.__dir__ = lambda names=names: names  # type: ignore[method-assign,misc]
        for kind in [one for one in vars(module).values() if isinstance(one, type)]:
            hooks = [name for name in dir(kind) if name.startswith("pytest_")]
            if hooks:
                kind.__dir__ = lambda self, hooks=hooks: hooks  # type: ignore


def _know_plugins() -> None:
    """Let pytest read the distributions with a plugin alone: it reads all, once for each `-p`."""
    known = [
        one
        for one in metadata.distributions()
        if any(entry.group == "pytest11" for entry in one.entry_points)
    ]
    metadata.distributions = lambda **_: known


def _begin_all() -> None:
    """Let a run begin where pytest's own plugins have been asked: that was a fifth of it."""
    real = config.get_config
    configs = {less: real([part for word in less for part in ("-p", word)]) for less in LESS}

    def begun(
        args: Iterable[str] | None = None, plugins: Any = None, *, prog: str | None = None
    ) -> pytest.Config:
        words = tuple(args or ())
        less = tuple(word for word in words if "no:" in word)
        if not prog or plugins or less not in configs:
            return real(words, plugins, prog=prog)
        found = configs.pop(less)
        found._parser.prog = prog
        found.invocation_params = found.InvocationParams(args=words, plugins=None, dir=Path.cwd())
        return found

    config.get_config = begun


def _is_for_pytest(name: str, kept: object) -> bool:
    return name.startswith("pytest_") or type(kept).__name__ == "FixtureFunctionDefinition"


def _write_to(files: list[str], env: dict[str, str]) -> None:
    """Let what is printed, here and in processes of its own, go to *files*, and give no input."""
    handles = [os.open(file, os.O_WRONLY | os.O_APPEND) for file in files]
    for number, handle in enumerate([os.open(os.devnull, os.O_RDONLY), *handles, handles[0]][:3]):
        os.dup2(handle, number)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(  # type: ignore[union-attr]
            encoding=env.get("PYTHONIOENCODING"), write_through="PYTHONUNBUFFERED" in env
        )
