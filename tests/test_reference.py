"""The reference says what magics, options and commands say of themselves, and what a report holds.

`make pages` writes it anew.
"""

import inspect
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields

from IPython.core.interactiveshell import InteractiveShell
from test_readme import ROOT, cart  # type: ignore[import-not-found]
from traitlets.config import Config

from loopcheck.cli import main
from loopcheck.modes.finding import Finding
from loopcheck.plugin import MARK

PAGE = ROOT / "docs" / "reference.md"
OF_OTHERS = {"ipytest", "load_ext", "reload_ext", "unload_ext"}
OPTION, SETTING = re.compile(r"--loopcheck\S*"), re.compile(r"loopcheck\w* \(\w+\):")
LESSONS = "loopcheck.lab"
HEAD = """# Reference

Made from what the magics, the plugin and the command say of themselves. For the modes, see the
[field guide](../notebooks/92_field_guide.ipynb), or `loopcheck explain --all`.
"""
REPORT = """
`--loopcheck-json=FILE` and `%loopcheck --json` write it. The file is replaced whole after each
finding, so that it can be read at any moment, also after a crash. `%loopcheck why FILE` reads it
in a notebook. Paths begin at the root of the run, with `/` on every system. What is not known is
left out. `findings` has one for each fault: first those in tests that failed, then the others. Of
both, the surest come first.

"""
MEANS = {
    "code": "`LC102`: for ever the same",
    "slug": "the fault in a word or two",
    "certainty": "`certain`: the state proves it; `likely`: it agrees, one step is inferred; "
    "`possible`: this may be intended",
    "what": "what happened, in the names of the code",
    "why": "why it happens",
    "fix": "what to change",
    "subject": "what it is about: `name`, `type`, and the `path` that leads from it to the loop",
    "where": "the line to change, or the nearest that is proved: `file`, `line`, `name`, and its "
    "`source` without secrets",
    "made_at": "where the subject was made",
    "used_at": "where it was used",
    "made_on": "the loop that it is bound to, in words",
    "used_on": "the loop that it was used on, in words",
    "test": "the id of the first test",
    "phase": "`collect`, `setup`, `call`, `teardown` or `session`",
    "count": "how many tests, or times",
    "also": "the ids of further tests",
    "remedy": "which of its remedies `fix` describes, and names that it needs",
    "edits": "ways to mend it by machine, the best first: `words`, `safe` (what the test checks "
    "is kept), and `changes`: `file`, `start`, `end` (line from 1, column from 0 in characters; "
    "the end is excluded), `text`. `digests` has the SHA-256 of each such file",
    "again": "a second run with every watch on shows the same",
    "lesson": "the notebook about it",
}


def magics() -> dict[str, dict[str, str]]:
    """Return by extension what each magic says of itself, in the order in which they come."""
    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=config)
    found: dict[str, dict[str, str]] = {}
    for extension in ("loopcheck", LESSONS):
        shell.run_line_magic("load_ext", extension)
        known = {name for told in found.values() for name in told}
        told = _told(shell.magics_manager.magics)
        found[extension] = {name: text for name, text in told.items() if name not in known}
    shell.run_line_magic("unload_ext", LESSONS)
    shell.run_line_magic("unload_ext", "loopcheck")
    InteractiveShell.clear_instance()
    return found


def _told(tables: dict[str, dict[str, object]]) -> dict[str, str]:
    """Return what our magics say; one that is of both kinds, and says the same, is one."""
    told: dict[str, str] = {}
    for kind, sign in (("line", "%"), ("cell", "%%")):
        for name, magic in tables[kind].items():
            said = inspect.cleandoc(getattr(magic, "__doc__", None) or "")
            ours = getattr(magic, "__module__", "").startswith("loopcheck.")
            if ours and name not in OF_OTHERS:
                both = f"%{name}`, `%%{name}"
                one = told.get(f"%{name}") == said
                told[both if one else f"{sign}{name}"] = said
                told.pop(f"%{name}" if one else "", None)
    return told


def options() -> tuple[list[str], list[str]]:
    """Return the plugin's options and its settings, as pytest's own help has them."""
    said = subprocess.run(
        (sys.executable, "-m", "pytest", "-p", "loopcheck.plugin", "--help"),
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "80", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    entries: list[str] = []
    for line in said.splitlines():
        deep = len(line) - len(line.lstrip())
        if deep == 2:
            entries.append(line.strip())
        elif entries and deep > 2:
            entries[-1] += f" {line.strip()}"
    return (
        [entry for entry in entries if OPTION.match(entry)],
        [entry for entry in entries if SETTING.match(entry)],
    )


def commands() -> Iterator[tuple[str, str]]:
    """Yield each command and what `--help` says."""
    for name in main.COMMANDS:
        said = subprocess.run(
            (sys.executable, "-m", "loopcheck", name, "--help"),
            env=os.environ | {"COLUMNS": "100", "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout
        yield name, said.strip()


def written() -> str:
    """Return the page."""
    parts = [HEAD]
    for extension, told in magics().items():
        parts.append(f"\n## Magics of `%load_ext {extension}`\n")
        parts += [f"\n### `{name}`\n\n{_fenced(text)}\n" for name, text in told.items()]
    given, settings = options()
    parts.append(f"\n## Options of pytest\n\n{_rows(given, '  +| ')}\n")
    parts.append(f"\n## Settings\n\n{_rows(settings, ': +')}\n")
    parts.append(f"\n## Mark\n\n`{MARK.partition(':')[0]}`{MARK.partition(':')[1]}")
    parts.append(f"{MARK.partition(':')[2]}\n\n## Command\n")
    parts += [f"\n### `loopcheck {name}`\n\n{_fenced(said)}\n" for name, said in commands()]
    parts.append(f"\n## The report\n{REPORT}{_fields()}\n\n{_example()}\n")
    return "".join(parts)


def _fenced(text: str, kind: str = "text") -> str:
    return f"```{kind}\n{text}\n```"


def _rows(entries: list[str], gap: str) -> str:
    """Return entries of pytest's help as a table."""
    split = (re.split(gap, entry, maxsplit=1) for entry in entries)
    rows = [f"| `{name}` | {' '.join(said.split())} |" for name, said in split]
    return "\n".join(["| write | it does |", "|---|---|", *rows])


def _fields() -> str:
    written = [one.name for one in fields(Finding) if one.name != "source"]  # a part of `where`
    names = [*written, "lesson"]
    return "\n".join(["| field | is |", "|---|---|", *(f"| `{n}` | {MEANS[n]} |" for n in names)])


def _example() -> str:
    report = json.loads(cart()[1])
    for name in ("timeline", "fixtures"):
        report[name] = "…"
    report["loopcheck"] = "x.y"
    return _fenced(json.dumps(report, indent=1, ensure_ascii=False), "json")


def test_the_reference_is_what_everything_says_of_itself() -> None:
    assert PAGE.read_text(encoding="utf-8") == written(), "run: make pages"


def test_each_magic_option_and_command_is_in_it() -> None:
    page = PAGE.read_text(encoding="utf-8")
    given, settings = options()
    assert len(given) >= 6
    assert len(settings) >= 8
    for name in ("%loopcheck", "%asyncfixture", "%%exercise", "%hint", "%case"):
        assert re.search(rf"(?m)^### .*`{name}`", page)


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
