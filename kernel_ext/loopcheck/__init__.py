"""loopcheck names the cause when an async test fails for a reason its traceback does not say.

PYTEST_DONT_REWRITE
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # not from typing: that import alone would double the cost of ours
    from IPython.core.interactiveshell import InteractiveShell

__version__ = "0.1.0"


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Bring `%loopcheck` to *shell*."""
    from loopcheck.faces import magics  # late: importing loopcheck must stay cheap

    magics.load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Take away what `%load_ext loopcheck` brought."""
    from loopcheck.faces import magics

    magics.unload(shell)
