"""The notebook side of the lessons: `%load_ext loopcheck.lab`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # not from typing: importing loopcheck.lab must stay cheap
    from IPython.core.interactiveshell import InteractiveShell


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Bring what the lessons use to *shell*: magics, ipytest's settings, tidy cell ends."""
    from loopcheck.lab.extension import load  # late: importing us must stay cheap

    load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Take all of it away again and end what is still running."""
    from loopcheck.lab.extension import unload

    unload(shell)
