"""A pytest session held open between collection and the first test, in a thread of its own.

pytest's own machinery finds, orders, caches and tears down the fixtures; nothing here does it a
second time. Its place of tests is a module that stands in a folder without being there.
"""

from __future__ import annotations

import inspect
import io
import linecache
import queue
import sys
import threading
import types
import warnings
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from _pytest.config import _prepareconfig

from loopcheck.facts.watch import endings

T = TypeVar("T")
# In our way while it is held: these hook into the whole process, not into tests alone.
OPTIONS = ("--capture=no", "-p", "no:unraisableexception", "-p", "no:threadexception")
# Options of a project that would report, measure or spread a run that has no test.
UNSET: dict[str, object] = {
    **dict.fromkeys(("loopcheck", "loopcheck_keep", "loopcheck_again", "lf"), False),
    **dict.fromkeys(("loopcheck_json", "loopcheck_fail", "numprocesses", "xmlpath", "htmlpath")),
    **dict.fromkeys(("no_cov", "collectonly"), True),
    "dist": "no",
    "tx": [],
}
INI = ("loopcheck=false", "loopcheck_json=", "loopcheck_fail=")
PLACE = "test_here.py"  # the file in which a test of that folder would stand


class NotCollected(Exception):
    """What stopped the collection. It may be an exit, or an outcome of pytest's: no Exceptions."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass(frozen=True, slots=True)
class Origin:
    """Where fixtures come from: a notebook's names, or the conftest.py files of a folder."""

    folder: Path
    said: str  # "this notebook", "tests/conftest.py"
    options: tuple[str, ...] = ()
    space: types.ModuleType | None = None  # a notebook's names
    root: str = ""  # that its places are told from; the current folder where it is empty


class Place(pytest.Module):
    """The module in which the test would stand. There is no such file."""

    space: types.ModuleType | None = None

    def _getobj(self) -> types.ModuleType:
        return Names(self.space)

    def collect(self) -> Iterator[pytest.Item]:
        return iter(())

    def items(self, name: str) -> list[pytest.Function]:
        """Return a test that asks for the fixture *name*, one for each set of parameters."""
        space: dict[str, Any] = {}
        exec(f"def test_{name}({name}): pass", space)  # a name that is an argument: no other code
        function = space[f"test_{name}"]
        setattr(self.obj, function.__name__, function)
        return list(self._genfunctions(function.__name__, function))


class Names(types.ModuleType):
    """The module's object: what it lacks, the notebook has."""

    def __init__(self, space: types.ModuleType | None) -> None:
        super().__init__(PLACE.removesuffix(".py"))
        self.__dict__["_space"] = space

    def __getattr__(self, name: str) -> Any:
        if name.startswith("pytest"):  # pytestmark and the like belong to tests
            raise AttributeError(name)
        return getattr(self.__dict__["_space"], name)


class HeldPytest:
    """One session. What is handed to `ask` runs in its thread, between two breaths of pytest."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.said = io.StringIO()  # what pytest would print
        self.ready: Future[HeldPytest] = Future()
        self.over: Future[None] = Future()
        self.session: pytest.Session
        self.place: Place
        self.trouble: BaseException | None = None
        self.busy = False  # with what was asked
        self._known: dict[str, Any] = {}  # a notebook's definitions, as pytest was told of them
        self._asked: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._quiet = ExitStack()
        self._imports = _ImportState()
        # A daemon: at the end of the process Python waits for other threads before it tells us.
        self._thread = threading.Thread(target=self._run, name="loopcheck fixtures", daemon=True)

    def start(self) -> Future[HeldPytest]:
        """Begin; what is returned is done when all is collected, or holds what went wrong."""
        linecache.checkcache()  # a conftest.py may have been changed since it was read
        self._thread.start()
        return self.ready

    def ask(self, act: Callable[[], T]) -> Future[T]:
        """Let *act* run in pytest's thread."""
        answer: Future[T] = Future()

        def acted() -> None:
            self.busy = True
            try:
                got = act()
            except BaseException as error:  # pytest's own outcomes are no Exceptions
                self.busy = False
                answer.set_exception(error)
            else:
                self.busy = False  # before the answer: who waits for it may ask again at once
                answer.set_result(got)

        self._asked.put(acted)
        return answer

    def end(self) -> Future[None]:
        """Let the session end, with all that it still holds."""
        self._asked.put(None)
        return self.over

    def learn(self, space: dict[str, Any]) -> None:
        """Tell pytest of the definitions in *space* that it does not know; in its thread only."""
        new = {name: one for name, one in space.items() if self._known.get(name) is not one}
        if not new:
            return
        self._known |= new
        holder = types.ModuleType("notebook")
        vars(holder).update(new)
        manager: Any = self.session._fixturemanager
        if "holder" in inspect.signature(manager.parsefactories).parameters:
            for name, one in new.items():  # defined anew: the old one is not what it overrides
                known = manager._arg2node2fixturedefs.get(getattr(one, "name", name), {})
                known.pop(self.place, None)
            manager.parsefactories(holder=holder, node=self.place)
        else:  # pytest 8
            manager.parsefactories(holder, self.place.nodeid)

    def leave(self) -> None:
        """End the session as soon as it comes to itself; what hangs at import is interrupted."""
        if self._thread.ident is not None and not self.ready.done():
            endings.raise_in(self._thread.ident)
        self.end()

    def gone(self) -> None:
        """Wait for the last lines of a thread that is over."""
        self._thread.join(1)

    # -- its thread ------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._hush()
            self._session()
        except BaseException as error:
            self.trouble = self.trouble or error
        finally:
            self._quiet.close()
            self._imports.restore()
            if not self.ready.done():
                nothing = RuntimeError(self.said.getvalue().strip() or "pytest collected nothing")
                self.ready.set_exception(NotCollected(self.trouble or nothing))
            self.over.set_result(None)

    def _hush(self) -> None:
        """Keep warnings of its beginning and end to ourselves; in between they are the user's."""
        self._quiet.enter_context(warnings.catch_warnings(record=True))

    def _session(self) -> None:
        ini = [word for one in INI for word in ("-o", one)]
        args = [*self.origin.options, *OPTIONS, *ini, "--", str(self.origin.folder)]
        config = _prepareconfig(args, [Hooks(self)])
        try:
            config.hook.pytest_cmdline_main(config=config)
        finally:
            config._ensure_unconfigure()

    def hold(self) -> None:
        """Do what is asked until the end is."""
        self._quiet.close()
        self._imports.note()
        self.ready.set_result(self)
        while (act := self._asked.get()) is not None:
            act()
        self._hush()


class Hooks:
    """What the session needs to know of us."""

    def __init__(self, held: HeldPytest) -> None:
        self.held = held

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_load_initial_conftests(
        self, early_config: pytest.Config
    ) -> Generator[None, object, object]:
        _unset(early_config.known_args_namespace)
        if (root := str(early_config.rootpath)) not in sys.path:
            sys.path.append(root)  # as `python -m pytest` does, but last
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> Generator[None, object, object]:
        _unset(config.option)
        return (yield)

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        terminal = config.pluginmanager.get_plugin("terminalreporter")
        if terminal is not None:
            terminal._tw._file = self.held.said

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        self.held.session = session

    @pytest.hookimpl(tryfirst=True)
    def pytest_collect_directory(
        self, path: Path, parent: pytest.Collector
    ) -> pytest.Collector | None:
        if path != self.held.origin.folder:
            return None
        kind = pytest.Package if (path / "__init__.py").is_file() else pytest.Dir
        held = self.held

        class Folder(kind):  # type: ignore[misc, valid-type]
            def collect(self) -> Iterator[pytest.Collector]:
                place = Place.from_parent(self, path=path / PLACE)
                place.space = held.origin.space
                held.place = place
                yield place

        folder: pytest.Collector = Folder.from_parent(parent, path=path)
        return folder

    def pytest_exception_interact(self, node: object, call: pytest.CallInfo[Any]) -> None:
        if call.excinfo is not None:  # a folder that could not be collected
            self.held.trouble = call.excinfo.value

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        self.held.trouble = excinfo.value
        return True  # nothing on stderr

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if self.held.trouble is None and hasattr(self.held, "place"):
            self.held.hold()
        return True


def _unset(options: Any) -> None:
    for name, value in UNSET.items():
        if hasattr(options, name):
            setattr(options, name, value)


class _ImportState:
    """What importing a conftest.py changes for the process: the next one may have its name."""

    def __init__(self) -> None:
        self.path, self.modules = list(sys.path), frozenset(sys.modules)
        self.added: list[str] | None = None

    def note(self) -> None:
        """Keep what was added so far, or put there once more: what cells add later is theirs."""
        more = Counter(sys.path) - Counter(self.path)
        self.added = list(more.elements())

    def restore(self) -> None:
        if self.added is None:
            self.note()
        for one in self.added or ():
            if sys.path.count(one) > self.path.count(one):  # pytest takes some away itself
                sys.path.remove(one)
        new = [name for name in sys.modules if name not in self.modules]
        roots = {name.partition(".")[0] for name in new if name.rpartition(".")[2] == "conftest"}
        for name in new:
            if name.partition(".")[0] in roots:
                del sys.modules[name]
