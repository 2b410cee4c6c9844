"""A notebook to fill in, as an editor would write it: not run, with ids that name the cells."""

import json
from collections.abc import Iterable

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def of(cells: Iterable[tuple[str, str]]) -> str:
    """Return a notebook of *cells*, each an id and a text. Text that begins with % is code."""
    laid_out = [_cell(name, text) for name, text in cells]
    whole = {"cells": laid_out, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _cell(name: str, text: str) -> dict[str, object]:
    cell: dict[str, object] = {"id": name, "metadata": {}, "source": text.splitlines(True)}
    if not text.startswith("%"):
        return cell | {"cell_type": "markdown"}
    if text.startswith("%%exercise"):  # a learner's answer is not compared
        cell["metadata"] = {"tags": ["nbval-ignore-output"]}
    return cell | {"cell_type": "code", "execution_count": None, "outputs": []}
