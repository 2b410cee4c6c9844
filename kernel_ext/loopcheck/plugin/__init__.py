"""`pytest --loopcheck`: options only. What they ask for is imported when they are given.

PYTEST_DONT_REWRITE
"""

from __future__ import annotations

import sys
from contextlib import contextmanager

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from loopcheck.plugin.asked import Asked

MARK = 'loopcheck(ignore): waive what loopcheck finds in this test: ignore=["LC201"]'


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and ini settings; nothing else is imported for that."""
    group = parser.getgroup("loopcheck", "why async tests fail")
    group.addoption(
        "--loopcheck",
        action="store_true",
        help="explain failures: which object is bound to which loop, and which line to change",
    )
    group.addoption(
        "--loopcheck-keep",
        action="store_true",
        help="print nothing, keep what was found for %%loopcheck in this process",
    )
    group.addoption(
        "--loopcheck-json", metavar="FILE", help="write what was found to FILE, after each finding"
    )
    group.addoption(
        "--loopcheck-fail",
        metavar="CODES",
        help="fail tests that leave a silent fault: all, a family (LC2xx), or codes (LC201,LC205)",
    )
    group.addoption(
        "--loopcheck-again",
        action="store_true",
        help="run failed tests a second time with every watch on; the first outcome stands",
    )
    group.addoption(
        "--loopcheck-hang",
        metavar="SECONDS",
        help="end a test that hangs for so long, say what it waits for, and go on with the next",
    )
    parser.addini("loopcheck", "explain failures in every run", type="bool", default=False)
    parser.addini("loopcheck_json", "write what was found to this file, from the root")
    parser.addini("loopcheck_fail", "fail tests that leave these silent faults: all, LC2xx, LC201")
    parser.addini("loopcheck_again", "run failed tests twice", type="bool", default=False)
    parser.addini("loopcheck_hang", "end a test that hangs for so many seconds")
    parser.addini("loopcheck_ignore", "codes that are waived everywhere", type="args")
    parser.addini(
        "loopcheck_store",
        "look, before each test, for keys in the stores that tests use, with a client of its own",
        type="bool",
        default=False,
    )
    parser.addini(
        "loopcheck_blocked",
        "seconds in one blocking call, or step, that are too long for a loop; 0: do not watch",
        default="0.1",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", MARK)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Begin before the first conftest: it may make loops on import."""
    _leave_ours_alone(early_config)
    asked = _asked(early_config)
    if asked is not None:
        with _as_they_are(early_config):
            from loopcheck.plugin import hooks  # late: without --loopcheck we cost nothing

            hooks.begin(early_config, asked)


@contextmanager
def _as_they_are(config: pytest.Config) -> Iterator[None]:
    """Have pytest not even asked whether to rewrite what is ours: it takes as long as an import."""
    rewriter: Any = getattr(config.pluginmanager, "rewrite_hook", None)
    finders = sys.meta_path
    at = finders.index(rewriter) if rewriter in finders else None
    if at is not None:
        finders.remove(rewriter)  # by itself: another thread's run may end and take its own out
    try:
        yield
    finally:
        if at is not None:
            finders.insert(at, rewriter)


def _leave_ours_alone(config: pytest.Config) -> None:
    """Have pytest not rewrite what is ours for its assertions: we make none.

    It rewrites all of an installed plugin's package. Where nothing can be kept of that, as in most
    containers, the first failure waited a second for it.
    """
    rewriter: Any = getattr(config.pluginmanager, "rewrite_hook", None)
    marked = getattr(rewriter, "_must_rewrite", None)
    known = getattr(rewriter, "_marked_for_rewrite_cache", None)
    if isinstance(marked, set) and isinstance(known, dict):
        marked -= {name for name in marked if f"{name}.".startswith("loopcheck.")}
        known.clear()


def _file(config: pytest.Config) -> str | None:
    """Return where the report goes: as all paths, an option's is from here, the ini's its own."""
    given = config.known_args_namespace.loopcheck_json
    if given:
        return str(config.invocation_params.dir / given)
    said = config.getini("loopcheck_json")
    return str(config.rootpath / said) if said else None


def _asked(config: pytest.Config) -> Asked | None:
    given = config.known_args_namespace
    show = bool(given.loopcheck or config.getini("loopcheck"))
    file = _file(config)
    fail = str(given.loopcheck_fail or config.getini("loopcheck_fail") or "")
    again = bool(given.loopcheck_again or config.getini("loopcheck_again"))
    hang = str(given.loopcheck_hang or config.getini("loopcheck_hang") or "")
    if given.loopcheck_hang == "":
        raise pytest.UsageError("--loopcheck-hang: no number of seconds. Write --loopcheck-hang=5.")
    if not (show or file or fail or again or hang or given.loopcheck_keep):
        return None
    from loopcheck.plugin.asked import Asked

    ignore = " ".join(config.getini("loopcheck_ignore"))
    return Asked(
        show=show or bool(fail or hang) or again,  # a test that fails by our word is told why
        keep=bool(given.loopcheck_keep),
        json=file,
        fail=fail,
        ignore=ignore,
        again=again,
        hang=hang,
        blocked=str(config.getini("loopcheck_blocked")),
        store=bool(config.getini("loopcheck_store")),
    )
