"""The command `loopcheck`: opens the workbook, explains a code.

Wrong input gets one line: what happened, and what to type instead. Imports are late, so that
`loopcheck --version` answers at once and a command only loads what it uses.
"""

import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import loopcheck
from loopcheck.cli.typed import COMPLETE, LONGEST, Known, Parser, WrongInput, folder_of, no_such

if TYPE_CHECKING:
    from loopcheck.lab.workbook.copies import Refreshed

SHOULD_CHANGE, WRONG_INPUT = 1, 2
START = "00_start_here"


def main(words: Sequence[str] | None = None) -> int:
    """Run the command with *words* (else the process's own) and return its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a Windows console may lack a character
    try:
        code = _run(list(sys.argv[1:] if words is None else words))
        print(end="", flush=True)  # else Python writes it at exit, when nothing can report an error
        return code
    except BrokenPipeError:  # the reader has closed the pipe: `loopcheck explain LC102 | head -3`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except WrongInput as wrong:
        from loopcheck.report._story import visible  # late: for wrong input only

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
            raise WrongInput(no_such("option", name, ("--version", "--help"), "loopcheck"))
    raise WrongInput(no_such("command", words[0], COMMANDS, "loopcheck"))


def lab(words: Sequence[str]) -> int:
    """open a copy of the lessons in JupyterLab"""
    parser = Parser("lab", "Open a copy of the lessons in JupyterLab. What you change in it stays.")
    parser.add_argument("--dir", default="workbook", metavar="FOLDER", help="where the copy is")
    parser.add_argument("--lesson", metavar="LC102", help="the lesson to open")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument("--copy-only", action="store_true", help="do not start JupyterLab")
    asked = parser.parse(words)
    from loopcheck.lab.workbook import (  # late: only this command needs the lessons
        copies,
        team_lessons,
    )

    lesson = _lesson(asked.lesson, "lab") if asked.lesson else START
    folder = folder_of(asked.dir, "lab --dir FOLDER")
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
    parser = Parser(
        "explain",
        "Print what a code stands for, why it happens and what to change. An error, words of it, "
        "or the name of a library finds the modes that it may come from.",
    )
    parser.add_argument(
        "mode",
        metavar="CODE",
        nargs="*",
        help="LC102, loop-mismatch, or words; without it, a line for each mode",
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help="the whole field guide, a family of it (LC2xx), or a line for each mode that fits",
    )
    parser.add_argument("--pages", action="store_true", help="with their pages")
    asked = parser.parse(words)
    if asked.all or asked.pages:
        print(_field_guide(asked.mode, pages=asked.pages))
        return 0
    from loopcheck.modes import nearest_modes  # late: no other command needs the modes

    if not asked.mode:
        print(nearest_modes.contents("loopcheck explain"))
        return 0
    found = nearest_modes.find(" ".join(asked.mode))
    if not found:
        raise WrongInput(_no_mode(asked.mode))
    if len(found) > 1:
        print(*nearest_modes.lines(found), sep="\n")
        print(f"The page of one: loopcheck explain {found[0].code}")
        return 0
    [mode] = found
    from loopcheck.report import field_guide

    print(field_guide.page(mode))
    return 0


def _no_mode(words: Sequence[str]) -> str:
    from loopcheck.modes import catalogue

    if len(words) > 1 or " " in words[0]:
        quoted = " ".join(words)[:LONGEST]
        return f"No mode has `{quoted}` on its page. Try: loopcheck explain --all"
    names = [*catalogue.codes(), *(one.slug for one in catalogue.modes())]
    some = f"{catalogue.spans()}. Try: loopcheck explain --all"
    return no_such("mode", words[0], names, "loopcheck explain", some)


def _field_guide(words: list[str], *, pages: bool) -> str:
    from loopcheck.modes import nearest_modes  # late: no other command needs it
    from loopcheck.report import field_guide

    if chapter := nearest_modes.chapter(words):
        return field_guide.as_text(chapter)
    found = nearest_modes.find(" ".join(words))
    if not found:
        quoted = " and ".join(f"`{word}`" for word in words)
        raise WrongInput(f"No mode has {quoted} on its page. Try: loopcheck explain --all")
    if len(found) == 1:
        return field_guide.page(found[0])
    if pages:
        return field_guide.as_text(sorted(found, key=lambda mode: mode.code))
    page = f"The page of one: loopcheck explain {found[0].code}. All of these pages: add --pages"
    return "\n".join([*nearest_modes.lines(found, len(found)), page])


def fix(words: Sequence[str]) -> int:
    """change what fails in your tests, and prove that the change holds"""
    parser = Parser(
        "fix",
        "Run the tests in a copy of the project, try the change for each fault there, and show it "
        "with its proof: the tests pass three times, and in random order. Exit code 0: nothing is "
        "left to fix, 1: faults are left, 2: wrong input.",
    )
    parser.add_argument("--write", action="store_true", help="write the proved changes")
    parser.add_argument("--all", action="store_true", help="go on until no new fault is found")
    parser.add_argument("--diff", action="store_true", help="print the proved changes only")
    parser.add_argument(
        "tests",
        metavar="PYTEST",
        nargs="*",
        help="pytest's arguments, or a report of pytest --loopcheck-json=FILE.json",
    )
    own = ("--write", "--all", "--diff")
    if {"-h", "--help", COMPLETE} & set(words):
        parser.parse([word for word in words if word in ("-h", "--help", COMPLETE)])
    from loopcheck.cli.fix import Asked, run  # late: no other command needs it

    args = tuple(word for word in words if word not in own)
    write, every, diff = (name in words for name in own)
    return run(Asked(write=write, every=every, diff=diff, args=args))


def mcp(words: Sequence[str]) -> int:
    """serve a project's tests, causes and fixes to an MCP client, over stdio"""
    parser = Parser(
        "mcp",
        "Serve tools to an MCP client over stdin and stdout. They run the tests of the project in "
        "this folder, with this Python, and refuse paths outside of the folder.",
    )
    parser.add_argument(
        "--allow",
        metavar="OPTION",
        action="append",
        default=[],
        help="an option of pytest that the client may also give: --allow=--run-slow",
    )
    asked = parser.parse(words)
    if wrong := [option for option in asked.allow if not option.startswith("--")]:
        raise WrongInput(f"`{wrong[0]}` is no long option. Try: loopcheck mcp --allow=--run-slow")
    for module, package in (("mcp_types", "loopcheck[mcp]"), ("pytest", "pytest")):
        if find_spec(module) is None:
            raise WrongInput(f'{package} is not installed here. Try: pip install "{package}"')
    from loopcheck.cli.mcp_server import server  # late: an extra, and heavy
    from loopcheck.cli.mcp_server.arguments import Arguments
    from loopcheck.cli.mcp_server.project_runs import Project

    server.serve(Project(Arguments(Path.cwd().resolve(), tuple(asked.allow))))
    return 0


def new(words: Sequence[str]) -> int:
    """start your team's own lessons, or a failure mode in a checkout of loopcheck"""
    parser = Parser("new", "Write a package of lessons, or the files of a new failure mode.")
    parser.add_argument("--to", metavar="FOLDER", help="for your team's own lessons: the folder")
    parser.add_argument("code", metavar="CODE", nargs="?", help="LC299: a free one of its family")
    parser.add_argument(
        "slug", metavar="SLUG", nargs="?", help="the fault in a word or two: slow-start"
    )
    parser.add_argument("--no-lesson", action="store_true", help="without a lesson for now")
    asked = parser.parse(words)
    from loopcheck.cli import new as begun  # late: no other command needs it

    if asked.to is not None:
        if asked.code is not None:
            raise WrongInput("A mode belongs to loopcheck itself. Try: loopcheck new --to FOLDER")
        said = begun.lessons(folder_of(asked.to, "new --to FOLDER"))
    elif asked.slug is None:
        raise WrongInput(
            "What do you want to start? Try: loopcheck new --to FOLDER, or new LC299 SLUG"
        )
    else:
        said = begun.mode(asked.code, asked.slug, lesson=not asked.no_lesson)
    print("\n".join(said))
    return 0


def doctor(words: Sequence[str]) -> int:
    """report what is installed to run async tests, and what to change"""
    parser = Parser("doctor", "Look at this Python, its packages and a project's settings.")
    parser.add_argument("folder", nargs="?", default=".", metavar="FOLDER", help="the project")
    parser.add_argument("--json", action="store_true", help="the same, for a machine")
    parser.add_argument(
        "--lint", action="store_true", help="only the project's faults, one line each: FILE:LINE:"
    )
    asked = parser.parse(words)
    from loopcheck.cli import doctor as examination  # late: no other command needs it

    folder = folder_of(asked.folder, "doctor FOLDER")
    if not folder.is_dir():
        raise WrongInput(f"No folder `{asked.folder}`. Try: loopcheck doctor .")
    found = examination.examine(folder, os.environ)
    if asked.lint:
        lines = examination.faults(found, folder)
        print("\n".join(lines), end="\n" if lines else "")
        return SHOULD_CHANGE if lines else 0
    said = examination.as_json(found) if asked.json else examination.as_text(found)
    print(json.dumps(said, indent=2) if asked.json else said)
    return SHOULD_CHANGE if examination.to_do(found) else 0


def attach(words: Sequence[str]) -> int:
    """show what a running process waits for, from another terminal"""
    parser = Parser(
        "attach",
        "Show what each task and thread of a process waits for, and what would end its hang. The "
        "process goes on as before. On Python 3.14 and later it may be any process, on older ones "
        "it is a `pytest --loopcheck`. Exit code 0: it answered, 1: it did not, 2: nothing can "
        "ask it.",
    )
    parser.add_argument("pid", metavar="PID", type=int, help="the number of the process")
    parser.add_argument("--json", action="store_true", help="the same, for a machine")
    parser.add_argument(
        "--watch", action="store_true", help="look again every 2 seconds, and show what changed"
    )
    asked = parser.parse(words)
    from loopcheck.cli import attach as attached  # late: no other command needs it

    look = attached.watch if asked.watch else attached.once
    return look(asked.pid, as_json=asked.json)


def binder_link(words: Sequence[str]) -> int:
    """print the link and the badges that open a repository's lessons in Binder"""
    parser = Parser("binder-link", "Print what opens the lessons of a repository in Binder.")
    parser.add_argument("--repo", required=True, metavar="URL", help="your fork: OWNER/NAME")
    parser.add_argument("--lesson", metavar="LC102", help="the lesson to open")
    parser.add_argument("--ref", default="HEAD", metavar="BRANCH", help="a branch, tag or commit")
    parser.add_argument("--hub", default="https://mybinder.org", metavar="URL", help="a BinderHub")
    parser.add_argument("--json", action="store_true", help="the same, for a machine")
    asked = parser.parse(words)
    from loopcheck.cli import binder_link as binder  # late: no other command needs it

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
    from loopcheck.cli.shells import PLACES, SCRIPTS  # late: no other command needs it

    places = "; ".join(f"{shell}: {place}" for shell, place in PLACES.items())
    parser = Parser("completion", f"Print a script for your shell. {places}.")
    parser.add_argument("shell", metavar="SHELL", help=", ".join(SCRIPTS))
    asked = parser.parse(words)
    if asked.shell not in SCRIPTS:
        raise WrongInput(no_such("shell", asked.shell, SCRIPTS, "loopcheck completion"))
    print(SCRIPTS[asked.shell], end="")
    return 0


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
        from loopcheck.cli.shells import SCRIPTS  # late: no other word needs it

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
    "attach": attach,
    "fix": fix,
    "mcp": mcp,
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


def _lesson(asked: str, command: str) -> str:
    """Return the stem that *asked* names: LC102, loop-mismatch, or a file name."""
    from loopcheck.lab.workbook import copies  # late: most commands need no lessons

    stems = sorted(file.stem for file in copies.lessons().glob("*.ipynb"))
    wanted = Path(asked).name.removesuffix(".ipynb").lower().replace("-", "_")
    for stem in stems:
        if wanted in (stem, *stem.split("_", 1)):
            return stem
    lessons = [stem.split("_", 1) for stem in stems]
    names = [code.upper() for code, _ in lessons] + [slug.replace("_", "-") for _, slug in lessons]
    raise WrongInput(no_such("lesson", asked, names, f"loopcheck {command} --lesson"))


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
