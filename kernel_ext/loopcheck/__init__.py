"""loopcheck names the cause when an async test fails for a reason its traceback does not say.

PYTEST_DONT_REWRITE
"""

from __future__ import annotations

from loopcheck.version import __version__ as __version__

TYPE_CHECKING = False
if TYPE_CHECKING:  # not from typing: that import alone would double the cost of ours
    from IPython.core.interactiveshell import InteractiveShell

    from loopcheck import servers as servers
    from loopcheck.api import look as look
    from loopcheck.api import watching as watching
    from loopcheck.api import why as why


def __getattr__(name: str) -> object:
    """Bring the public functions, and the servers, when they are first asked for."""
    if name in ("look", "why", "watching"):
        from loopcheck import api

        return getattr(api, name)
    if name == "servers":
        from importlib import import_module

        return import_module("loopcheck.servers")
    raise AttributeError(f"module 'loopcheck' has no attribute {name!r}")


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Bring `%loopcheck` to *shell*."""
    from loopcheck import magics  # late: importing loopcheck must stay cheap

    magics.load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Take away what `%load_ext loopcheck` brought."""
    from loopcheck import magics

    magics.unload(shell)
