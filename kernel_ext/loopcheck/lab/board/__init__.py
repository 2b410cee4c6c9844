"""The class board of a workshop: who is where, for those who chose to share it.

A learner's kernel sends a row, a small service of the JupyterHub keeps it for seven days, and the
facilitator reads all of them. Whoever shares nothing sends nothing.
"""

SECONDS_KEPT = 7 * 24 * 3600
GROUP = "facilitators"  # of the Hub: with its admins, those who may read the board


class BoardError(Exception):
    """What keeps the board from doing what was asked, in one line."""


class BoardDown(BoardError):
    """The board, or the Hub before it, does not answer: it may do so later."""
