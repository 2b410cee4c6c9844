"""The failure modes that words may mean: a code, a pasted message, words of a page, a library.

Every search of a face is this one: the command, the magic and the MCP server ask it.
"""

import re
from collections.abc import Sequence

from loopcheck.modes import catalogue, pasted
from loopcheck.modes.catalogue import Mode

MOST = 10  # modes that are listed
# A word in a mode's name says most about it, one in its reasons the least.
IN_NAME, IN_MESSAGE, IN_WHAT, IN_REST = 8, 4, 2, 1
PHRASE = 2  # words that stand together count as often as this


def find(words: str) -> list[Mode]:
    """Return the mode that *words* name, or those that they may mean, nearest first."""
    words = words[: pasted.LONGEST]
    mode = catalogue.find(words.strip())
    if mode is not None:
        return [mode]
    from loopcheck.modes import library_names  # late: a code needs no list of names

    said = words.split()
    meant = [one.mode for one in pasted.guesses(words)]
    meant += on_pages(said) if said else []
    meant += library_names.modes(said)
    return list({one.code: one for one in meant}.values())


def chapter(words: Sequence[str]) -> list[Mode]:
    """Return all modes, or those of the families if all *words* name families, in their order."""
    if not all(map(_family, words)):
        return []
    asked = {_family(word) for word in words}
    return [mode for mode in catalogue.modes() if not asked or mode.family in asked]


def on_pages(words: Sequence[str]) -> list[Mode]:
    """Return the modes that match each of *words*, a family or text of the page, nearest first."""
    families = {family for word in words if (family := _family(word))}
    wanted = [" ".join(word.lower().split()) for word in words if not _family(word)]
    found = [
        (mode, _nearness(mode, wanted))
        for mode in catalogue.modes()
        if not families or families == {mode.family}
    ]
    return [mode for mode, near in sorted(found, key=lambda one: -one[1]) if near]


def _family(word: str) -> str | None:
    name = word.upper().replace("X", "x")
    return name if name in catalogue.FAMILIES else None


def _nearness(mode: Mode, words: Sequence[str]) -> int:
    """Return how much of *mode*'s page *words* are, 0 if one of them is not on it."""
    said = catalogue.entry(mode)
    parts = [
        (IN_NAME, f"{said.code} {said.slug}: {said.title}"),
        (IN_MESSAGE, " ".join(said.says)),
        (IN_WHAT, said.what),
        (IN_REST, f"{said.why} {said.fix} {said.edit or ''}"),
    ]
    texts = [(weight, " ".join(part.lower().split())) for weight, part in parts]
    near = 1
    for word in words:
        begun = re.compile(rf"(?<!\w){re.escape(word)}")  # `hang` is not about a change
        found = sum(weight * len(begun.findall(text)) for weight, text in texts)
        if not found and not any(word in text for _, text in texts):
            return 0
        near += found
    phrase = " ".join(words)
    together = sum(weight * text.count(phrase) for weight, text in texts) if words[1:] else 0
    return near + PHRASE * together * len(words)


def lines(modes: Sequence[Mode], most: int = MOST) -> list[str]:
    """Return one line for each of the nearest *modes*."""
    shown = [catalogue.entry(mode) for mode in modes[:most]]
    said = [f"{one.code} {one.slug}: {one.title}" for one in shown]
    if len(modes) > most:
        said.append(f"… and {len(modes) - most} more. More words find fewer.")
    return said


def contents(command: str) -> str:
    """Return a line for each mode, and how *command* opens its page."""
    modes = catalogue.modes()
    return "\n".join([*lines(modes, len(modes)), f"The page of one: {command} {modes[0].code}"])
