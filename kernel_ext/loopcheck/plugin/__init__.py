"""`pytest --loopcheck`: only the options. What they switch on is imported when you pass them.

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

MARK = 'loopcheck(ignore): suppress findings in this test: ignore=["LC201"]'


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and ini settings, and import nothing else."""
    group = parser.getgroup("loopcheck", "why async tests fail")
    group.addoption(
        "--loopcheck",
        action="store_true",
        help="explain failures: which object is bound to which loop, and which line to change",
    )
    group.addoption(
        "--loopcheck-keep",
        action="store_true",
        help="print nothing, keep the findings for %%loopcheck in this process",
    )
    group.addoption(
        "--loopcheck-json", metavar="FILE", help="write the findings to FILE, after each one"
    )
    group.addoption(
        "--loopcheck-sarif",
        metavar="FILE",
        help="write the findings to FILE as SARIF 2.1.0, for code scanning and editors",
    )
    group.addoption(
        "--loopcheck-format",
        metavar="FORMAT",
        help="how the terminal shows findings: full, brief (five lines for each cause) or json; "
        "coding agents get brief unless you choose",
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
        help="stop a test that hangs for this long, report what it waits for, and go on with the "
        "next",
    )
    parser.addini("loopcheck", "explain failures in every run", type="bool", default=False)
    parser.addini("loopcheck_json", "write the findings to this file, relative to the root")
    parser.addini("loopcheck_sarif", "write them as SARIF to this file, relative to the root")
    parser.addini("loopcheck_format", "how the terminal shows findings: full, brief or json")
    parser.addini("loopcheck_fail", "fail tests that leave these silent faults: all, LC2xx, LC201")
    parser.addini("loopcheck_again", "run failed tests twice", type="bool", default=False)
    parser.addini("loopcheck_hang", "stop a test that hangs for this many seconds")
    parser.addini("loopcheck_ignore", "codes of findings to suppress everywhere", type="args")
    parser.addini(
        "loopcheck_store",
        "before each test, look for keys in the stores that tests use, with a separate client",
        type="bool",
        default=False,
    )
    parser.addini(
        "loopcheck_blocked",
        "report a call or step that blocks a loop for this many seconds; 0: do not watch",
        default="0.1",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark."""
    config.addinivalue_line("markers", MARK)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Start before the first conftest: it may make loops on import."""
    _leave_ours_alone(early_config)
    asked = _asked(early_config)
    if asked is not None:
        with _as_they_are(early_config):
            from loopcheck.plugin import hooks  # late: without --loopcheck we cost nothing

            hooks.begin(early_config, asked)


@contextmanager
def _as_they_are(config: pytest.Config) -> Iterator[None]:
    """Make pytest skip our modules without asking: asking takes as long as an import."""
    rewriter: Any = getattr(config.pluginmanager, "rewrite_hook", None)
    finders = sys.meta_path
    at = finders.index(rewriter) if rewriter in finders else None
    if at is not None:
        finders.remove(rewriter)  # by value: another run may remove its own
    try:
        yield
    finally:
        if at is not None:
            finders.insert(at, rewriter)


def _leave_ours_alone(config: pytest.Config) -> None:
    """Stop pytest from rewriting our modules for assertions: we make none.

    It rewrites an installed plugin's whole package. If it cannot cache the result, as in most
    containers, the first failure waited a second for that.
    """
    rewriter: Any = getattr(config.pluginmanager, "rewrite_hook", None)
    marked = getattr(rewriter, "_must_rewrite", None)
    known = getattr(rewriter, "_marked_for_rewrite_cache", None)
    if isinstance(marked, set) and isinstance(known, dict):
        marked -= {name for name in marked if f"{name}.".startswith("loopcheck.")}
        known.clear()


def _file(config: pytest.Config, name: str) -> str | None:
    """Return the path of a report: the option's is relative to here, the ini's to the root."""
    given = getattr(config.known_args_namespace, name)
    if given:
        return str(config.invocation_params.dir / given)
    said = config.getini(name)
    return str(config.rootpath / said) if said else None


def _asked(config: pytest.Config) -> Asked | None:
    given = config.known_args_namespace
    show = bool(given.loopcheck or given.loopcheck_format or config.getini("loopcheck"))
    file, sarif = _file(config, "loopcheck_json"), _file(config, "loopcheck_sarif")
    fail = str(given.loopcheck_fail or config.getini("loopcheck_fail") or "")
    again = bool(given.loopcheck_again or config.getini("loopcheck_again"))
    hang = str(given.loopcheck_hang or config.getini("loopcheck_hang") or "")
    if given.loopcheck_hang == "":
        raise pytest.UsageError(
            "--loopcheck-hang needs a number of seconds. Write --loopcheck-hang=5."
        )
    if not (show or file or sarif or fail or again or hang or given.loopcheck_keep):
        return None
    from loopcheck.plugin.asked import Asked

    ignore = " ".join(config.getini("loopcheck_ignore"))
    return Asked(
        show=show or bool(fail or hang) or again,  # a test that loopcheck fails gets the reason
        keep=bool(given.loopcheck_keep),
        json=file,
        fail=fail,
        ignore=ignore,
        again=again,
        hang=hang,
        blocked=str(config.getini("loopcheck_blocked")),
        store=bool(config.getini("loopcheck_store")),
        sarif=sarif,
        format=str(given.loopcheck_format or config.getini("loopcheck_format") or ""),
    )
