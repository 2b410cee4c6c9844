"""How all tests run: with Ctrl-C, and dealt out by xdist; a module of a user for one test.

A file goes to one worker, so that it is set up once. The tests of the three longest files share
nothing but servers. They are dealt one by one, and last, so that no worker is left alone with a
file at the end. A sample and its edits go to one worker, which runs the sample once.
"""

import gc
import importlib
import os
import re
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from loopcheck.plugin.reporting import terminal_format
from loopcheck.watch import faults

if TYPE_CHECKING:
    from samples import Bench

Load = Callable[[str, str], ModuleType]

ONE_BY_ONE = ("lab/test_exercises.py", "modes/test_samples.py", "modes/test_edits.py")
OF_A_SAMPLE = re.compile(r"modes/test_(?:samples|edits)\.py::\w+(\[.+\])$")


def pytest_configure() -> None:
    r"""Take back what the caller's shell passes to all that the tests start.

    A command in the background ignores Ctrl-C and Ctrl-\, and tests that stop something would wait
    in vain.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGQUIT") and signal.getsignal(signal.SIGQUIT) is signal.SIG_IGN:
        signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    # Inner runs would annotate this one, or be brief.
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", *terminal_format.AGENTS):
        os.environ.pop(name, None)


def pytest_collection_finish() -> None:
    """Let collections pass over five thousand tests: some hundred tests ask for one, or for ten."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def no_fault_of_a_watch() -> Iterator[None]:
    """Make sure that no watch of ours went wrong: it breaks nothing, so that nobody would hear."""
    yield
    told = list(faults.seen)
    faults.seen.clear()
    assert not told


@pytest.fixture(scope="session", autouse=True)
def folders_of_inner_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give the runs of pytest that tests start a root of their own for their `tmp_path`s.

    Each run removes older folders from that root, and warns of those that can't be removed, like
    a disk that a killed run left mounted. A test that counts warnings would fail.
    """
    tmp_path_factory.getbasetemp()  # the outer run's own stays where people look for it
    with (
        tempfile.TemporaryDirectory(prefix="inner-", ignore_cleanup_errors=True) as root,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("PYTEST_DEBUG_TEMPROOT", root)
        yield


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Load]:
    """Write and import a module as a user would; remove it after the test."""
    monkeypatch.syspath_prepend(tmp_path)
    names: list[str] = []

    def make(name: str, text: str) -> ModuleType:
        (tmp_path / f"{name}.py").write_text(dedent(text).lstrip(), encoding="utf-8")
        importlib.invalidate_caches()
        names.append(name)
        return importlib.import_module(name)

    yield make
    for name in names:
        sys.modules.pop(name, None)


@pytest.fixture(scope="session")
def sample_servers() -> Iterator["Bench"]:
    """Start real servers for samples. A sample is run once, whichever of its tests comes first."""
    from samples import bench  # late: most runs need no server

    with bench() as servers:
        yield servers


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Return what deals the tests out for `--dist loadfile`."""
    if config.getoption("dist") != "loadfile":
        return None
    # Late: most runs have no workers.
    from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

    class Dealer(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            """Return what *nodeid* shares its worker with."""
            if sample := OF_A_SAMPLE.search(nodeid):
                return sample[1]
            file: str = super()._split_scope(nodeid)
            return nodeid if file.endswith(ONE_BY_ONE) else file

    return Dealer(config, log)
