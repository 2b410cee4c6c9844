"""`loopcheck new`: starts a team's own lessons, or a failure mode in a checkout of loopcheck."""

import re
from pathlib import Path

from loopcheck.cli.typed import WrongInput
from loopcheck.modes import catalogue


def lessons(folder: Path) -> list[str]:
    """Write a package for a team's own lessons, and return the lines to print."""
    from loopcheck.lab.skeletons import team_skeletons  # late: only for this command

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongInput(f"{folder} is not empty. Try: loopcheck new --to NEW_FOLDER")
    try:
        written = team_skeletons.write(folder)
    except team_skeletons.NotAName:
        raise WrongInput(
            f"`{folder.name}` is not a valid package name. Try: loopcheck new --to our_lessons"
        ) from None
    except OSError as refused:
        raise WrongInput(f"{folder} can't be written: {refused.strerror or refused}.") from None
    said = [f"written   {path}" for path in written]
    return [*said, f"Then: pip install -e {folder}, and loopcheck lab"]


def mode(code: str, slug: str, *, lesson: bool) -> list[str]:
    """Write the files of a new failure mode, and return the lines to print.

    Without its *lesson* it is complete, too: loopcheck can report a fault before a lesson teaches
    it.
    """
    from loopcheck.lab.skeletons import mode_skeletons  # late: only for this command

    root = Path(__file__).resolve().parents[3]
    if not (root / "pyproject.toml").is_file() or not (root / "tests" / "modes").is_dir():
        raise WrongInput(
            "This loopcheck is not a checkout: there is nothing to add to. Try: pip install -e . "
            "in a clone of its repository"
        )
    stem = _stem(code, slug)
    there = [path for path in mode_skeletons.files(stem) if (root / path).exists()]
    if there:
        raise WrongInput(f"{there[0]} is there already. Move it away, or choose another slug.")
    try:
        paths = mode_skeletons.write(root, stem, lesson=lesson)
    except OSError as refused:
        raise WrongInput(f"{root} cannot be written: {refused.strerror or refused}.") from None
    said = [f"written   {path}" for path in paths]
    said += [f"to write  {line}" for line in mode_skeletons.open_lines(root, stem)]
    return [*said, "The same list, until it is empty: pytest tests/test_shape.py"]


def _stem(code: str, slug: str) -> str:
    """Return the stem of a mode that does not exist yet."""
    if not re.fullmatch(r"[Ll][Cc]\d{3}", code):
        raise WrongInput(f"`{code}` is not a code. Try: loopcheck new {_free('LC2xx')} {slug}")
    code, family = code.upper(), f"LC{code[2]}xx"
    if family not in catalogue.FAMILIES:
        known = ", ".join(f"{name} {about}" for name, about in catalogue.FAMILIES.items())
        raise WrongInput(f"No family {family}: there are {known}.")
    if taken := catalogue.find(code):
        again = f"Try: loopcheck new {_free(family)} {slug}"
        raise WrongInput(f"{code} is {taken.slug}: a code is for ever. {again}")
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", slug):
        plain = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-") or "slow-start"
        raise WrongInput(
            f"`{slug}` is not a slug: small letters and hyphens. Try: loopcheck new {code} {plain}"
        )
    if taken := catalogue.find(slug):
        raise WrongInput(f"{slug} is the slug of {taken.code}. Choose another.")
    return f"{code.lower()}_{slug.replace('-', '_')}"


def _free(family: str) -> str:
    """Return the code after the last of *family*."""
    last = max(code for code in catalogue.codes() if code[:3] == family[:3])
    return f"LC{int(last[2:]) + 1}"
