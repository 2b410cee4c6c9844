"""The class board of a workshop: where each learner is, for those who chose to share it.

A learner's kernel sends a row, a small service of the JupyterHub keeps it for seven days, and the
facilitator reads all of them. A learner who shares nothing sends nothing.
"""

SECONDS_KEPT = 7 * 24 * 3600
GROUP = "facilitators"  # of the Hub: its members and the Hub's admins may read the board


class BoardError(Exception):
    """One line on why the board cannot do something."""


class BoardDown(BoardError):
    """The board, or the Hub in front of it, does not answer: it may do so later."""
