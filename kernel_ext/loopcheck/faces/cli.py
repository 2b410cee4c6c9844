"""The command `loopcheck`: opens the workbook, explains a code.

Wrong input gets one line: what happened, and what to type instead. Imports are late, so that
`loopcheck --version` answers at once and nothing is asked for that a command does not use.
"""

import argparse
import io
import json
import os
import re
import sys
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import loopcheck

if TYPE_CHECKING:
    from loopcheck.lab.copies import Refreshed

SHOULD_CHANGE, WRONG_INPUT = 1, 2
START = "00_start_here"
COMPLETE = "--complete"  # asked by a shell: what may follow these words?
FEW = 12  # names that still make a readable line
LONGEST = 60  # characters of what was typed


class WrongInput(Exception):
    """One line for the user."""


class Known(Exception):
    """The options of a command, for a shell that completes them."""

    def __init__(self, options: Collection[str]) -> None:
        super().__init__()
        self.options = [option for option in options if option != "-h"]


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line, with the nearest choice."""

    def __init__(self, name: str, about: str) -> None:
        super().__init__(prog=f"loopcheck {name}", description=about, allow_abbrev=False)

    def parse(self, words: Sequence[str]) -> argparse.Namespace:
        if list(words) == [COMPLETE]:
            raise Known(self._option_string_actions)
        asked, unknown = self.parse_known_args(words)
        if not unknown:
            return asked
        if unknown[0].startswith("-"):
            raise WrongInput(_no_such("option", unknown[0], self._option_string_actions, self.prog))
        raise WrongInput(f"`{unknown[0]}` is one word too many. Try: {self.prog} --help")

    def error(self, message: str) -> NoReturn:
        raise WrongInput(f"{message[0].upper()}{message[1:]}. Try: {self.prog} --help")


def main(words: Sequence[str] | None = None) -> int:
    """Run the command with *words* (else the process's own) and return its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a Windows console may lack a character
    try:
        return _run(list(sys.argv[1:] if words is None else words))
    except WrongInput as wrong:
        from loopcheck.words._story import visible  # late: for wrong input only

        print(f"loopcheck: {visible(str(wrong))}", file=sys.stderr)
        return WRONG_INPUT


def _run(words: list[str]) -> int:
    match words:
        case [] | ["-h" | "--help"]:
            print(_overview())
            return 0
        case ["--version"]:
            print(f"loopcheck {loopcheck.__version__}")
            return 0
        case ["--complete", *before]:
            print(*_next(before), sep="\n")
            return 0
        case [str(name), *rest] if name in COMMANDS:
            return COMMANDS[name](rest)
        case [str(name), *_] if name.startswith("-"):
            raise WrongInput(_no_such("option", name, ("--version", "--help"), "loopcheck"))
    raise WrongInput(_no_such("command", words[0], COMMANDS, "loopcheck"))


def lab(words: Sequence[str]) -> int:
    """open a copy of the lessons in JupyterLab"""
    parser = Parser("lab", "Open a copy of the lessons in JupyterLab. What you change in it stays.")
    parser.add_argument("--dir", default="workbook", metavar="FOLDER", help="where the copy is")
    parser.add_argument("--lesson", metavar="LC102", help="the lesson to open")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument("--copy-only", action="store_true", help="do not start JupyterLab")
    asked = parser.parse(words)
    from loopcheck.lab import copies, team_lessons  # late: only this command needs the lessons

    lesson = _lesson(asked.lesson, "lab") if asked.lesson else START
    folder = _folder(asked.dir, "lab --dir FOLDER")
    try:
        for name, place, done in team_lessons.refresh(copies.lessons(), folder):
            print(_said(done, place, f"Lessons of {name}" if name else "Your copy of the lessons"))
    except copies.NotOursError:
        raise WrongInput(
            f"{folder} holds other files than the lessons. Try: loopcheck lab --dir NEW_FOLDER"
        ) from None
    except OSError as refused:
        raise WrongInput(
            f"The lessons can't be copied to {folder}: {refused.strerror or refused}. "
            "Try: loopcheck lab --dir FOLDER"
        ) from None
    return 0 if asked.copy_only else _open_lab(folder, f"{lesson}.ipynb", not asked.no_browser)


def explain(words: Sequence[str]) -> int:
    """print the reference page of a failure mode"""
    parser = Parser("explain", "Print what a code stands for, why it happens and what to change.")
    parser.add_argument("mode", metavar="CODE", nargs="*", help="LC102, or loop-mismatch")
    parser.add_argument(
        "--all", action="store_true", help="the whole field guide, or what has these words: LC2xx"
    )
    asked = parser.parse(words)
    from loopcheck.modes import catalogue  # late: no other command needs the modes

    if asked.all:
        print(_field_guide(asked.mode))
        return 0
    if len(asked.mode) != 1:
        said = "One code at a time." if asked.mode else "Which mode?"
        raise WrongInput(f"{said} Try: loopcheck explain LC102, or --all")
    mode = catalogue.find(asked.mode[0])
    if mode is None:
        names = [*catalogue.codes(), *(one.slug for one in catalogue.modes())]
        raise WrongInput(_no_such("mode", asked.mode[0], names, "loopcheck explain"))
    print(f"{catalogue.page(mode)}\n\nLesson: loopcheck lab --lesson {mode.code}")
    return 0


def _field_guide(words: list[str]) -> str:
    from loopcheck.faces import field_guide  # late: no other command needs it

    if found := field_guide.select(words):
        return field_guide.as_text(found)
    quoted = " and ".join(f"`{word}`" for word in words)
    raise WrongInput(f"No mode has {quoted} on its page. Try: loopcheck explain --all")


def new(words: Sequence[str]) -> int:
    """begin lessons of your team's own, or a failure mode in a checkout of loopcheck"""
    parser = Parser("new", "Write a package of lessons, or the files of a new failure mode.")
    parser.add_argument("--to", metavar="FOLDER", help="for lessons of your team's own: where")
    parser.add_argument(
        "code", metavar="CODE", nargs="?", help="LC210: the next free one of its family"
    )
    parser.add_argument(
        "slug", metavar="SLUG", nargs="?", help="the fault in a word or two: lost-update"
    )
    asked = parser.parse(words)
    if asked.to is not None:
        if asked.code is not None:
            raise WrongInput("A mode belongs to loopcheck itself. Try: loopcheck new --to FOLDER")
        return _new_lessons(_folder(asked.to, "new --to FOLDER"))
    if asked.slug is None:
        raise WrongInput("What is it to be? Try: loopcheck new --to FOLDER, or new LC210 SLUG")
    from loopcheck.lab import skeletons  # late: only contributors need it

    root = Path(__file__).resolve().parents[3]
    if not (root / "pyproject.toml").is_file() or not (root / "tests" / "modes").is_dir():
        raise WrongInput(
            "This loopcheck is no checkout: there is nothing to add to. Try: pip install -e . "
            "in a clone of its repository"
        )
    stem = _new_stem(asked.code, asked.slug)
    there = [path for path in skeletons.files(stem) if (root / path).exists()]
    if there:
        raise WrongInput(f"{there[0]} is there already. Move it away, or choose another slug.")
    try:
        paths = skeletons.write(root, stem)
    except OSError as refused:
        raise WrongInput(f"{root} cannot be written: {refused.strerror or refused}.") from None
    lines = [f"written   {path}" for path in paths]
    lines += [f"to write  {line}" for line in skeletons.open_lines(root, stem)]
    print("\n".join([*lines, "The same list, until it is empty: pytest tests/test_shape.py"]))
    return 0


def _new_lessons(folder: Path) -> int:
    """Write a package of lessons of a team's own."""
    from loopcheck.lab import team_lessons  # late: only contributors need it

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongInput(f"{folder} is not empty. Try: loopcheck new --to NEW_FOLDER")
    try:
        written = team_lessons.write(folder)
    except team_lessons.NotAName:
        raise WrongInput(
            f"`{folder.name}` is no name for a package. Try: loopcheck new --to our_lessons"
        ) from None
    except OSError as refused:
        raise WrongInput(f"{folder} can't be written: {refused.strerror or refused}.") from None
    lines = [f"written   {path}" for path in written]
    print("\n".join([*lines, f"Then: pip install -e {folder}, and loopcheck lab"]))
    return 0


def _new_stem(code: str, slug: str) -> str:
    """Return the stem of a mode that there is not yet."""
    from loopcheck.modes import catalogue  # late: no other command needs the modes

    if not re.fullmatch(r"[Ll][Cc]\d{3}", code):
        raise WrongInput(f"`{code}` is no code. Try: loopcheck new {_free('LC2xx')} {slug}")
    code, family = code.upper(), f"LC{code[2]}xx"
    if family not in catalogue.FAMILIES:
        known = ", ".join(f"{name} {about}" for name, about in catalogue.FAMILIES.items())
        raise WrongInput(f"No family {family}: there are {known}.")
    if taken := catalogue.find(code):
        again = f"Try: loopcheck new {_free(family)} {slug}"
        raise WrongInput(f"{code} is {taken.slug}: a code is for ever. {again}")
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", slug):
        plain = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-") or "lost-update"
        raise WrongInput(
            f"`{slug}` is no slug: small letters and hyphens. Try: loopcheck new {code} {plain}"
        )
    if taken := catalogue.find(slug):
        raise WrongInput(f"{slug} is the slug of {taken.code}. Choose another.")
    return f"{code.lower()}_{slug.replace('-', '_')}"


def _free(family: str) -> str:
    """Return the code after the last of *family*."""
    from loopcheck.modes import catalogue  # late: no other command needs the modes

    last = max(code for code in catalogue.codes() if code[:3] == family[:3])
    return f"LC{int(last[2:]) + 1}"


def doctor(words: Sequence[str]) -> int:
    """say what is here to run async tests with, and what should be changed"""
    parser = Parser("doctor", "Look at this Python, its packages and a project's settings.")
    parser.add_argument("folder", nargs="?", default=".", metavar="FOLDER", help="the project")
    parser.add_argument("--json", action="store_true", help="the same, for a machine")
    asked = parser.parse(words)
    from loopcheck.faces import doctor as examination  # late: no other command needs it

    folder = _folder(asked.folder, "doctor FOLDER")
    if not folder.is_dir():
        raise WrongInput(f"No folder `{asked.folder}`. Try: loopcheck doctor .")
    found = examination.examine(folder, os.environ)
    said = examination.as_json(found) if asked.json else examination.as_text(found)
    print(json.dumps(said, indent=2) if asked.json else said)
    return SHOULD_CHANGE if examination.to_do(found) else 0


def binder_link(words: Sequence[str]) -> int:
    """print the link and the badges that open a repository's lessons in Binder"""
    parser = Parser("binder-link", "Print what opens the lessons of a repository in Binder.")
    parser.add_argument("--repo", required=True, metavar="URL", help="your fork: OWNER/NAME")
    parser.add_argument("--lesson", metavar="LC102", help="the lesson to open")
    parser.add_argument("--ref", default="HEAD", metavar="BRANCH", help="a branch, tag or commit")
    parser.add_argument("--hub", default="https://mybinder.org", metavar="URL", help="a BinderHub")
    parser.add_argument("--json", action="store_true", help="the same, for a machine")
    asked = parser.parse(words)
    from loopcheck.faces import binder_link as binder  # late: no other command needs it

    lesson = _lesson(asked.lesson, "binder-link") if asked.lesson else START
    try:
        link = binder.link(asked.repo, lesson, asked.ref, asked.hub)
    except binder.NotForBinderError as wrong:
        raise WrongInput(str(wrong)) from None
    texts = {"link": link, **binder.badges(link, lesson)}
    plain = "\n\n".join(f"{kind}:\n{text}" for kind, text in texts.items())
    print(json.dumps(texts, indent=2) if asked.json else plain)
    return 0


def board(words: Sequence[str]) -> int:
    """show the facilitator of a workshop where everybody is"""
    parser = Parser("board", "Show who is where, whose hand is up and what stops the room.")
    parser.add_argument("--json", action="store_true", help="the same, for a machine")
    parser.add_argument("--serve", action="store_true", help="be the service, as JupyterHub does")
    asked = parser.parse(words)
    from loopcheck.lab.board import BoardError, asking, service, shown  # late: only for this

    try:
        if asked.serve:
            service.run(os.environ)
            return 0
        found = shown.read(asking.find())
    except BoardError as error:
        raise WrongInput(str(error)) from None
    print(json.dumps(shown.as_json(found), indent=2) if asked.json else shown.as_text(found))
    return 0


def completion(words: Sequence[str]) -> int:
    """print what makes your shell complete the words of this command"""
    from loopcheck.faces.shells import PLACES, SCRIPTS  # late: no other command needs it

    places = "; ".join(f"{shell}: {place}" for shell, place in PLACES.items())
    parser = Parser("completion", f"Print a script for your shell. {places}.")
    parser.add_argument("shell", metavar="SHELL", help=", ".join(SCRIPTS))
    asked = parser.parse(words)
    if asked.shell not in SCRIPTS:
        raise WrongInput(_no_such("shell", asked.shell, SCRIPTS, "loopcheck completion"))
    print(SCRIPTS[asked.shell], end="")
    return 0


def _folder(said: str, usage: str) -> Path:
    """Return the folder that *said* names, there or not; what no system can name is told."""
    try:
        folder = Path(said).expanduser().resolve()
        with suppress(FileNotFoundError, NotADirectoryError):
            folder.stat()  # 3.14: `exists` would say no, whatever is wrong with the name
    except (OSError, ValueError, RuntimeError) as error:  # too long, with a zero byte, ~nobody
        reason = getattr(error, "strerror", None) or str(error)
        shown = said if len(said) <= LONGEST else f"{said[:LONGEST]}…"
        raise WrongInput(f"`{shown}` can't be a folder: {reason}. Try: loopcheck {usage}") from None
    return folder


def _next(before: list[str]) -> list[str]:
    """Return the words that may follow *before*."""
    if not before:
        return [*COMMANDS, "--version", "--help"]
    command, *given = before
    if given[-1:] == ["--lesson"] or (command == "explain" and not given):
        from loopcheck.modes import catalogue  # late: no other word needs the modes

        names = [name for mode in catalogue.modes() for name in (mode.code, mode.slug)]
        return names if given else [*names, "--all"]
    if command == "completion" and not given:
        from loopcheck.faces.shells import SCRIPTS  # late: no other word needs it

        return list(SCRIPTS)
    try:
        COMMANDS.get(command, explain)([COMPLETE])
    except Known as known:
        return [option for option in known.options if option not in given]
    return []


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "lab": lab,
    "explain": explain,
    "doctor": doctor,
    "new": new,
    "binder-link": binder_link,
    "board": board,
    "completion": completion,
}


def _overview() -> str:
    lines = [f"  loopcheck {name:<12} {command.__doc__}" for name, command in COMMANDS.items()]
    return "\n".join(
        ["loopcheck names why async tests fail.", "", *lines, "", "More: loopcheck lab --help"]
    )


def _no_such(kind: str, word: str, known: Collection[str], command: str) -> str:
    """Say that there is no such *word*, which are near, and what to type instead."""
    from difflib import get_close_matches  # late: 3 ms, for wrong input only

    by_lower = {name.lower(): name for name in known}
    near = [by_lower[name] for name in get_close_matches(word.lower(), by_lower, cutoff=0.65)]
    if near:
        choices = f": near are {', '.join(near)}" if len(near) > 1 else ""
        return f"No {kind} `{word}`{choices}. Try: {command} {near[0]}"
    if not known:
        return f"No {kind} `{word}`: there is none yet."
    names = list(known)
    some = ", ".join(names) if len(names) <= FEW else f"{names[0]} and {len(names) - 1} more"
    return f"No {kind} `{word}`: there are {some}."


def _lesson(asked: str, command: str) -> str:
    """Return the stem that *asked* names: LC102, loop-mismatch, or a file name."""
    from loopcheck.lab import copies  # late: most commands need no lessons

    stems = sorted(file.stem for file in copies.lessons().glob("*.ipynb"))
    wanted = Path(asked).name.removesuffix(".ipynb").lower().replace("-", "_")
    for stem in stems:
        if wanted in (stem, *stem.split("_", 1)):
            return stem
    lessons = [stem.split("_", 1) for stem in stems]
    names = [code.upper() for code, _ in lessons] + [slug.replace("_", "-") for _, slug in lessons]
    raise WrongInput(_no_such("lesson", asked, names, f"loopcheck {command} --lesson"))


def _said(done: "Refreshed", folder: Path, what: str) -> str:
    counts = {"new": done.new, "brought up to date": done.updated, "left as you have it": done.kept}
    told = ", ".join(f"{len(names)} {word}" for word, names in counts.items() if names)
    return f"{what}: {folder} ({told or 'up to date'})"


def _open_lab(folder: Path, lesson: str, browser: bool) -> int:
    """Run JupyterLab in this process: it prints its address, and Ctrl-C leaves nothing behind."""
    if find_spec("jupyterlab") is None:
        raise WrongInput('JupyterLab is not installed here. Try: pip install "loopcheck[workbook]"')
    from jupyterlab.labapp import LabApp  # late: an extra, and heavy

    here = Path(__file__).resolve().parents[1] / "lab" / "jupyter"  # no question about news
    paths = [str(here), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(paths)
    options = [
        f"--ServerApp.root_dir={folder}",
        f"--LabApp.default_url=/lab/tree/{lesson}",
        f"--ServerApp.open_browser={browser}",
        "--ServerApp.answer_yes=True",  # one Ctrl-C is enough
        "--ServerApp.log_level=WARN",  # its address still comes, without twenty lines around it
        "--LabApp.log_level=WARN",
    ]
    if getattr(os, "geteuid", lambda: 1)() == 0:
        options.append("--allow-root")  # containers; it listens on this machine only
    print("JupyterLab starts. Ctrl-C here ends it, and all that it started.", flush=True)
    LabApp.launch_instance(argv=options)
    return 0
