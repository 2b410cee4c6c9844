"""loopcheck names the cause when an async test fails for a reason its traceback does not say.

PYTEST_DONT_REWRITE
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # not from typing: that import alone would double the cost of ours
    from IPython.core.interactiveshell import InteractiveShell

    from loopcheck import servers as servers
    from loopcheck.faces.api import look as look
    from loopcheck.faces.api import watching as watching
    from loopcheck.faces.api import why as why

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Bring the public functions, and the servers, when they are first asked for."""
    if name in ("look", "why", "watching"):
        from loopcheck.faces import api

        return getattr(api, name)
    if name == "servers":
        from importlib import import_module

        return import_module("loopcheck.servers")
    raise AttributeError(f"module 'loopcheck' has no attribute {name!r}")


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Bring `%loopcheck` to *shell*."""
    from loopcheck.faces import magics  # late: importing loopcheck must stay cheap

    magics.load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Take away what `%load_ext loopcheck` brought."""
    from loopcheck.faces import magics

    magics.unload(shell)
