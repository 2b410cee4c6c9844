"""The failure modes that words may mean: a code, a pasted message, words of a page, a library."""

from collections.abc import Sequence

from loopcheck.modes import catalogue, pasted
from loopcheck.modes.catalogue import Mode
from loopcheck.report import field_guide

MOST = 10  # modes that are listed


def find(words: str) -> list[Mode]:
    """Return the mode that *words* name, or those that they may mean, nearest first."""
    words = words[: pasted.LONGEST]
    mode = catalogue.find(words.strip())
    if mode is not None:
        return [mode]
    from loopcheck.cli import library_names  # late: a code needs no list of names

    said = words.split()
    meant = [one.mode for one in pasted.guesses(words)]
    meant += field_guide.select(said) if said else []
    meant += library_names.modes(said)
    return list({one.code: one for one in meant}.values())


def lines(modes: Sequence[Mode]) -> list[str]:
    """Return one line for each of the nearest *modes*."""
    shown = [catalogue.entry(mode) for mode in modes[:MOST]]
    said = [f"{one.code} {one.slug}: {one.title}" for one in shown]
    if len(modes) > MOST:
        said.append(f"… and {len(modes) - MOST} more. More words find fewer.")
    return said
