"""`%%ipytest` right after `%load_ext loopcheck`: ipytest itself registers it only once configured.

The first of these cells imports ipytest, configures it as its own documentation does
(`ipytest.autoconfig()`), and then runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError

from loopcheck.magics import thread_mode

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

NAME = "ipytest"
MISSING = "`%%ipytest` needs the package ipytest: run `%pip install ipytest` first."


def install(shell: InteractiveShell) -> Callable[[], None]:
    """Register `%%ipytest` if nothing else has; return the undo."""
    magics: dict[str, Any] = shell.magics_manager.magics["cell"]
    if NAME in magics:
        return lambda: None
    configured: list[dict[str, Any]] = []

    def ipytest(line: str, cell: str) -> object:
        """Run the tests of this cell with pytest. The first of these cells sets ipytest up."""
        configured.append(_configure())
        thread_mode.configure()
        return shell.run_cell_magic(NAME, line, cell)

    shell.magics_manager.register_function(ipytest, "cell", NAME)

    def undo() -> None:
        if configured:
            _restore(configured[0])
            magics.pop(NAME, None)
        elif magics.get(NAME) is ipytest:
            del magics[NAME]

    return undo


def _configure() -> dict[str, Any]:
    """Configure ipytest with its own defaults; return the configuration it had."""
    try:
        import ipytest  # type: ignore[import-untyped]  # late: an extra that may be missing
        from ipytest import _config
    except ImportError:
        raise UsageError(MISSING) from None
    before = dict(_config.current_config)
    _config.current_config["magics"] = False  # else it believes ours to be its own
    ipytest.autoconfig()
    return before


def _restore(before: dict[str, Any]) -> None:
    import ipytest
    from ipytest import _config

    # ipytest only warns when asked to remove its magic.
    ipytest.config(**{**before, "magics": _config.current_config["magics"]})
    _config.current_config["magics"] = before["magics"]
