"""Run the lessons, each in a fresh kernel, and store what they print: `make notebooks`.

The rules that nbval compares with remove what differs from run to run. So stored text holds no
address, no duration and no path of this machine, and a second run changes nothing.

    python scripts/store_outputs.py [notebooks/lc102_loop_mismatch.ipynb ...]
"""

import argparse
import difflib
import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
CELL_TIMEOUT = 120  # seconds, as in notebooks/conftest.py
UNSTORED = "nbval-ignore-output"  # the tag of exercise cells: run, without stored output
RULE = re.compile(r"^\[(.*)\]$\n^regex: (.*)$\n^replace: (.*)$", re.MULTILINE)
UNSTORED_RULE = "only compared"
PICTURE = re.compile(r"data:image/[^\"')\s]+")  # pictures are stored as they are
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},  # no version: it would change with each machine
}

Words = Callable[[str], str]


def rules(file: Path) -> Words:
    """Return a function that applies the sanitise *file*'s rules to a text, outside of pictures."""
    found = RULE.findall(file.read_text("ascii"))
    compiled = [(re.compile(regex), new) for name, regex, new in found if UNSTORED_RULE not in name]

    def apply(text: str) -> str:
        for regex, replace in compiled:
            text = regex.sub(replace, text)
        return text

    def clean(text: str) -> str:
        between = [apply(part) for part in PICTURE.split(text)]
        pictures = [*PICTURE.findall(text), ""]
        return "".join(a + b for a, b in zip(between, pictures, strict=True))

    return clean


def run(notebook: nbformat.NotebookNode, folder: Path) -> None:
    """Execute all cells in a fresh kernel with an empty home."""
    with tempfile.TemporaryDirectory(prefix="loopcheck-", ignore_cleanup_errors=True) as home:
        fresh = {"LOOPCHECK_HOME": f"{home}/loopcheck", "IPYTHONDIR": f"{home}/ipython"}
        fresh["COLUMNS"] = "80"  # these, and what is omitted: as in notebooks/conftest.py
        for name, value in os.environ.items():
            if name not in ("CI", "BUILD_NUMBER") and not name.startswith("PYTEST_"):
                fresh.setdefault(name, value)
        client = NotebookClient(
            notebook, timeout=CELL_TIMEOUT, kernel_name="python3", coalesce_streams=True
        )
        client.resources = {"metadata": {"path": str(folder)}}
        client.execute(env=fresh)


def tidy(notebook: nbformat.NotebookNode, clean: Words) -> None:
    """Keep in *notebook* only what a reader needs and the next run would not change."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        if cell.cell_type == "code":
            cell.outputs = [] if UNSTORED in tags else [_clean(out, clean) for out in cell.outputs]


def _clean(content: object, clean: Words) -> object:
    """Return *content* with every text in it cleaned."""
    match content:
        case str():
            return clean(content)
        case list():
            return [_clean(part, clean) for part in content]
        case dict():
            return nbformat.from_dict({key: _clean(part, clean) for key, part in content.items()})
    return content


def store(file: Path) -> None:
    """Run *file* and write it back."""
    notebook = nbformat.read(file, as_version=4)
    run(notebook, file.parent)
    tidy(notebook, rules(file.with_name("nbval-sanitize.cfg")))
    text = nbformat.writes(notebook, version=4)
    file.write_bytes(text.rstrip("\n").encode() + b"\n")  # bytes: Windows would change line ends


def lesson(name: str) -> Path:
    """Return the notebook that *name* names, or raise the error that argparse prints."""
    file = Path(name).resolve()
    if file.suffix != ".ipynb" or not file.is_file():
        near = difflib.get_close_matches(file.stem, [one.stem for one in all_lessons()], 1)
        raise argparse.ArgumentTypeError(
            f"no notebook `{name}`: name a file like notebooks/{(near or ['00_start_here'])[0]}"
            ".ipynb"
        )
    return file


def all_lessons() -> list[Path]:
    """Return the notebooks of the workbook."""
    return sorted(NOTEBOOKS.glob("*.ipynb"))


def main(words: list[str] | None = None) -> int:
    """Store the outputs of the named notebooks, or of all, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="store_outputs.py",
        description="Run the lessons, each in a fresh kernel, and store what they print.",
    )
    parser.add_argument(
        "notebooks", metavar="NOTEBOOK", nargs="*", type=lesson, help="the default is all lessons"
    )
    failed = 0
    for file in parser.parse_args(words).notebooks or all_lessons():
        try:
            store(file)
            print(f"stored  {file.name}", flush=True)
        except (CellExecutionError, CellTimeoutError) as error:
            failed += 1
            print(f"FAILED  {file.name}, left as it was:\n{error}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
