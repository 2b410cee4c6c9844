"""Check the English of every text that people read: docs, lessons, findings, docstrings, comments.

    python scripts/check_prose.py                 everything, as `make lint` does
    python scripts/check_prose.py docs README.md  some files or folders
    python scripts/check_prose.py --count         how many complaints each folder has

It knows three things: phrases that we do not write (prose.toml says what to write instead),
sentences of more than thirty words, and sentences with three passive verbs. A text that has to stay
as it is goes to `[allowed]` there, with the reason.
"""

import ast
import io
import json
import re
import subprocess
import sys
import tokenize
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
RULES = tomllib.loads(Path(__file__).with_name("prose.toml").read_text(encoding="utf-8"))
PHRASES = [  # a phrase may go on in the next line
    (re.compile(one["phrase"].replace(" ", r"\s"), re.IGNORECASE), one["write"])
    for one in RULES["instead"]
]
ALLOWED: dict[str, str] = RULES["allowed"]
LONGEST = 30  # words in a sentence
MOST_PASSIVES = 2  # in a sentence
PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|gets?|got)\s+(?:not\s+|never\s+|only\s+|also\s+)?"
    r"(?:\w{2,}ed|made|given|taken|held|kept|left|run|read|shown|known|seen|found|written|thrown|"
    r"told|said|lost|put|set|built|sent|bound|begun)\b",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"(?<=[.!?:;])[\"”)*`]*\s+|\n\s*\n")
CODE = re.compile(r"``.+?``|`[^`]+`|\$[^$\n]+\$|https?://\S+", re.DOTALL)
FENCE = re.compile(r"^(\s*)(```|~~~).*?^\s*\2[^\S\n]*$", re.DOTALL | re.MULTILINE)
HIDDEN = re.compile(r"<!--.*?-->|<[^>\n]+>", re.DOTALL)
LISTED = re.compile(r"^\s*(?:[-*+]|\d+\.|>|#+|\|)\s", re.MULTILINE)
SHIPPED = ("kernel_ext", "docs", "notebooks", "workshop", "scripts", "binder")
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")


@dataclass(frozen=True)
class Text:
    """A text of a file: where it begins, and whether it is written in sentences."""

    file: Path
    line: int
    words: str
    prose: bool = True


@dataclass(frozen=True)
class Complaint:
    """What is wrong with a text, and where."""

    file: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file.relative_to(HOME).as_posix()}:{self.line}: {self.what}"


def without_code(markdown: str) -> str:
    """The text with its code, comments and tags blanked: lines stay where they are."""

    def blank(found: re.Match[str]) -> str:
        return "\n" * found[0].count("\n")

    return HIDDEN.sub(blank, FENCE.sub(blank, markdown))


def markdown_texts(file: Path, words: str, line: int = 1) -> Iterator[Text]:
    """The paragraphs, list items and table rows of a markdown text."""
    begun: list[str] = []
    first = line
    for number, row in enumerate([*without_code(words).split("\n"), ""], line):
        if row.strip() and not LISTED.match(row + " "):
            first = first if begun else number
            begun.append(row)
            continue
        if begun:
            yield Text(file, first, "\n".join(begun))
        begun, first = ([row], number) if row.strip() else ([], number)
        if row.lstrip().startswith("|"):
            yield Text(file, number, row, prose=False)
            begun = []


def python_texts(file: Path) -> Iterator[Text]:
    """The docstrings, comments and other strings of a module: strings are checked for phrases."""
    source = file.read_text(encoding="utf-8")
    tree = ast.parse(source)
    docstrings: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                docstrings.add(id(first.value))
                if isinstance(first.value.value, str):
                    yield from markdown_texts(file, first.value.value, first.lineno)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in docstrings:
            continue
        if isinstance(node.value, str) and " " in node.value:
            yield Text(file, node.lineno, node.value, prose=False)
    yield from _comments(file, source)


def _comments(file: Path, source: str) -> Iterator[Text]:
    """Comments on lines that follow each other are one text."""
    begun: list[str] = []
    first = last = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        if begun and token.start[0] != last + 1:
            yield Text(file, first, "\n".join(begun), prose=False)
            begun = []
        first = first if begun else token.start[0]
        last = token.start[0]
        begun.append(token.string.lstrip("# "))
    if begun:
        yield Text(file, first, "\n".join(begun), prose=False)


def notebook_texts(file: Path) -> Iterator[Text]:
    """The markdown of a notebook, by the line of its file."""
    raw = file.read_text(encoding="utf-8")
    at = 0
    for cell in json.loads(raw)["cells"]:
        words = "".join(cell["source"])
        if cell["cell_type"] != "markdown" or not words.strip():
            continue
        start = json.dumps(words.split("\n")[0], ensure_ascii=False)[:-1]
        at = max(raw.find(start, at), 0)
        yield from markdown_texts(file, words, raw.count("\n", 0, at) + 1)


def texts(file: Path) -> Iterator[Text]:
    """All texts of a file that people read."""
    if file.suffix == ".py":
        yield from python_texts(file)
    elif file.suffix == ".ipynb":
        yield from notebook_texts(file)
    else:
        yield from markdown_texts(file, file.read_text(encoding="utf-8"))


def complaints_of(text: Text) -> Iterator[Complaint]:
    """What is wrong with a text: allowed passages are taken out first."""
    words = text.words
    for passage in ALLOWED:
        words = words.replace(passage, " ")
    plain = CODE.sub(_as_a_word, words) if text.prose else words
    flat = re.sub(r" ?\n ?", "\n", re.sub(r"[^\S\n]+", " ", plain))
    for phrase, advice in PHRASES:
        for found in phrase.finditer(flat):
            line = text.line + flat.count("\n", 0, found.start())
            yield Complaint(text.file, line, f"“{' '.join(found[0].split())}”: {advice}")
    if not text.prose:
        return
    for sentence in SENTENCE_END.split(plain):
        count = len(re.findall(r"\w[\w'\u2019-]*", sentence))
        start = " ".join(sentence.split()[:6])
        if count > LONGEST:
            yield Complaint(text.file, text.line, f"{count} words in one sentence: “{start} …”")
        passives = [found[0] for found in PASSIVE.finditer(sentence)]
        if len(passives) > MOST_PASSIVES:
            heard = ", ".join(passives)
            yield Complaint(text.file, text.line, f"passives in “{start} …”: {heard}")


def _as_a_word(code: re.Match[str]) -> str:
    return "code" + "\n" * code[0].count("\n")


def files_below(places: list[str]) -> list[Path]:
    """The files with texts that git tracks in these places, or everywhere if there is none."""
    chosen = places or [*SHIPPED, *PAGES]
    tracked = subprocess.run(
        ["git", "ls-files", "--", *chosen], cwd=HOME, capture_output=True, text=True, check=False
    )
    if tracked.returncode == 0:
        listed = [HOME / name for name in tracked.stdout.splitlines()]
    else:  # an unpacked archive
        roots = [HOME / name for name in chosen]
        listed = [one for root in roots for one in (root.rglob("*") if root.is_dir() else [root])]
    return [one for one in listed if one.suffix in (".py", ".md", ".ipynb") and one.is_file()]


def main(arguments: list[str]) -> int:
    """Print each complaint, or how many there are in each folder."""
    counted = "--count" in arguments
    files = files_below([one for one in arguments if not one.startswith("--")])
    found = [one for file in files for text in texts(file) for one in complaints_of(text)]
    if counted:
        rooms = Counter("/".join(one.file.relative_to(HOME).parts[:3]) for one in found)
        for room, count in sorted(rooms.items()):
            print(f"{count:5} {room}")
        print(f"{len(found):5} in all")
    else:
        print(*found, sep="\n")
    return bool(found)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
