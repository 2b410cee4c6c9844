"""The process that warm runs are forked from: started by `warm.ready`, and by nothing else."""

import atexit
import gc
import json
import os
import runpy
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout, suppress
from importlib import import_module, metadata
from io import StringIO
from pathlib import Path
from typing import Any, NoReturn

import pytest
from _pytest import config
from _pytest.config import default_plugins

import loopcheck
from loopcheck import light
from loopcheck.source import project_files
from loopcheck.source.project_files import LOOKING
from loopcheck.watch import veil
from warm import WORD, end_tree

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
_tests: list[str] = []  # modules of these folders


def _say(number: int, line: socket.socket) -> None:
    with suppress(OSError):  # whoever asked may be gone
        line.sendall(number.to_bytes(WORD, signed=True))


def serve() -> None:
    """Load what all runs import, and fork for each that is asked for, until our input ends."""
    load()
    path = _fresh_path()
    folder = tempfile.mkdtemp(prefix="warm-")  # removed by us alone: runs do what is due at exit
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(f"{folder}/door")
        door.listen(64)
        print(f"{folder}/door", flush=True)
        _Forks(door, path).serve()
    shutil.rmtree(folder)


class _Forks:
    """The runs of a process that forks."""

    def __init__(self, door: socket.socket, path: list[str]) -> None:
        self.door, self.path = door, path
        self.lines: dict[int, socket.socket] = {}  # to who asked, by its file number
        self.runs: dict[int, tuple[int, socket.socket]] = {}  # by the file number of their end
        self.poll = select.poll()  # has no file of its own, which each run would have to close

    def serve(self) -> None:
        for number in (0, self.door.fileno()):
            self.poll.register(number, select.POLLIN)
        while True:
            for number, _ in self.poll.poll():
                if number == 0:
                    return self.end()
                if number == self.door.fileno():
                    self.begin()
                elif number in self.runs:
                    self.ended(number)
                elif number in self.lines:
                    self.unwanted(number)

    def begin(self) -> None:
        line, _ = self.door.accept()
        args, folder, env, files = json.loads(line.makefile("rb").readline())
        pid = os.fork()
        if not pid:
            self.leave(line)
            _run(args, folder, env, files, self.path)
        end = os.pidfd_open(pid)
        self.lines[line.fileno()], self.runs[end] = line, (pid, line)
        self.poll.register(end, select.POLLIN)
        self.poll.register(line.fileno(), select.POLLIN)
        _say(pid, line)

    def leave(self, line: socket.socket) -> None:
        """Close, in a run, what belongs to the process that forked it."""
        for one in (self.door, line, *self.lines.values()):
            one.close()
        for number in self.runs:
            os.close(number)

    def ended(self, number: int) -> None:
        pid, line = self.runs.pop(number)
        self.poll.unregister(number)
        os.close(number)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if self.lines.pop(line.fileno(), None):
            self.poll.unregister(line.fileno())
            _say(code, line)
            line.close()

    def unwanted(self, number: int) -> None:
        """End a run when whoever asked for it is gone."""
        line = self.lines.pop(number)
        self.poll.unregister(number)
        for pid in [pid for pid, asked in self.runs.values() if asked is line]:
            end_tree(pid)
        line.close()

    def end(self) -> None:
        for pid, _ in self.runs.values():
            end_tree(pid)


def _fresh_path() -> list[str]:
    """Return what a new process has in `sys.path`, but for the folder that it is started in."""
    code = "import sys; print(*sys.path[1:], sep='\\n')"
    words = [sys.executable, "-c", code]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()


def _run(
    args: list[str], folder: str, env: dict[str, str], files: list[str], path: list[str]
) -> NoReturn:
    """Be a process that runs pytest, and end with its code."""
    code: object = 1
    try:
        _be_pytest(args, folder, env, files, path)
        code = 0
    except SystemExit as end:
        code = end.code
    except BaseException:
        traceback.print_exc()
    with suppress(BaseException):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(int(code) if isinstance(code, int) else 1)


def _be_pytest(
    args: list[str], folder: str, env: dict[str, str], files: list[str], path: list[str]
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
    for name in _tests:
        del sys.modules[name]  # they are not the user's
    try:
        runpy.run_module("pytest", run_name="__main__", alter_sys=True)
    finally:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()


def _is_tests(name: str) -> bool:
    return str(getattr(sys.modules.get(name), "__file__", "")).startswith(TESTS)


def load() -> None:
    """Import, once, what all runs import: in the process that they are forked from."""
    for name in LOADED:
        with suppress(ImportError):
            import_module(name)
    _name_hooks_only()
    _know_plugins()
    plugin: Any = sys.modules["pytest_asyncio.plugin"]
    plugin.__doc__ = "PYTEST_DONT_REWRITE"  # pytest warns of plugins that are loaded before it runs
    _know_our_own()
    _rehearse()
    _begin_all()
    project_files.not_of_libraries()  # from then on it knows the thousand others
    # To ask all modules is to copy what each of them lies in, in every run.
    _tests[:] = [name for name in sys.modules if _is_tests(name)]
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


def _know_our_own() -> None:
    """Veil our code and compile what makes records: once, for all runs.

    Each run that looks would rename the code, and copy what it lies in: a quarter of its time.
    """
    for name, module in [*sys.modules.items()]:
        if name.startswith(LOOKING):
            for kind in [one for one in vars(module).values() if isinstance(one, type)]:
                if vars(kind).get("__init__") is light._init_when_needed:
                    said = vars(kind)["_light"]
                    made = light._compiled(kind, said.defaults, said.frozen, said.kw_only)
                    kind.__init__ = made  # type: ignore[misc]
    veil.over_new_modules()
    veil._veiled.clear()  # no run takes it off


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


if __name__ == "__main__":
    serve()
