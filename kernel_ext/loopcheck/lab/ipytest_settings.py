"""ipytest as the lessons need it: tests in their own thread, stable output, findings kept."""

from collections.abc import Callable
from functools import wraps

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from loopcheck import abilities
from loopcheck.lab import home
from loopcheck.one_process import lone_loop

ADDOPTS = (
    *("-q", "--color=no", "--tb=short", "-p", "no:cacheprovider"),
    *("-o", "console_output_style=classic"),  # no percentages, which need a full line
    # a cell that imports pytest_asyncio does it before pytest can rewrite its asserts
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
PLUGINS = ("pytest_asyncio.plugin", "loopcheck.plugin")  # a lesson needs no others
PLAIN = ("-p", "loopcheck.lab.projects.plain_frames")


def _plugins() -> list[str]:
    """Return the options that choose plugins: loading all takes 2 s, and some change the output."""
    import pytest

    if pytest.version_tuple[:2] < (8, 4):  # no such option yet
        return ["-p", "no:randomly", *PLAIN]
    named = [part for name in PLUGINS for part in ("-p", name)]
    return ["--disable-plugin-autoload", *named, *PLAIN]


def install(shell: InteractiveShell) -> Callable[[], None]:
    """Configure ipytest for *shell*; return a function that restores everything."""
    import ipytest  # type: ignore[import-untyped]  # late: an extra that may be missing
    from ipytest import _config

    before, magics = dict(_config.current_config), shell.magics_manager.magics["cell"]
    had, kept = magics.get("ipytest"), tuple(before["addopts"])
    ipytest.autoconfig(
        run_in_thread=abilities.THREADS, addopts=[*ADDOPTS, *_plugins(), *_keep(kept)]
    )
    magics["ipytest"] = _where_it_can_write(magics["ipytest"])

    def undo() -> None:
        # ipytest can turn its magic on, but only warns when told to turn it off
        ipytest.config(**{**before, "magics": _config.current_config["magics"]})
        _config.current_config.update(before)
        magics.pop("ipytest", None)
        if had is not None:
            magics["ipytest"] = had

    return undo


def _where_it_can_write(magic: Callable[[str, str], object]) -> Callable[[str, str], object]:
    """Return *magic*, wrapped so that a read-only folder gives one line and no traceback."""

    @wraps(magic)
    def ipytest(line: str, cell: str) -> object:
        if home.read_only():
            raise UsageError(f"%%ipytest writes a small file for each run. {home.READ_ONLY}")
        if abilities.THREADS:
            return magic(line, cell)
        with lone_loop.in_use():  # the kernel's own loop stands aside: there is no other thread
            return magic(line, cell)

    return ipytest


def _keep(already: tuple[str, ...]) -> list[str]:
    """Return the option that fills the journal, if `%load_ext loopcheck` has set it."""
    return [option for option in already if option == "--loopcheck-keep"]
