"""The recipes that the workbook prints: the cells of one notebook, by its headings."""

import json

from loopcheck.lab.arguments import Arguments
from loopcheck.lab.recipes import recipe
from loopcheck.lab.recipes.recipe import Recipe
from loopcheck.lab.workbook.copies import lessons

NOTEBOOK = "90_old_advice.ipynb"
MAGIC = "%%recipe"
SECONDS = 20.0


def parser() -> Arguments:
    """Return the parser for the line of a recipe's cell."""
    found = Arguments(MAGIC, f"{MAGIC} R03 [--seconds N]")
    found.add_argument("name", metavar="R03")
    found.add_argument("--seconds", type=float, default=SECONDS)
    return found


def by_group() -> dict[str, list[Recipe]]:
    """Return the workbook's recipes, by the heading of their group."""
    cells = json.loads((lessons() / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    found: dict[str, list[Recipe]] = {}
    group = ""
    for cell in cells:
        text = "".join(cell["source"])
        for line in text.splitlines():
            if cell["cell_type"] == "markdown" and line.startswith("## "):
                group = line[3:].strip()
        if text.startswith(f"{MAGIC} "):
            found.setdefault(group, []).append(read_cell(text))
    return found


def read_cell(text: str) -> Recipe:
    """Return the recipe that a whole cell describes."""
    line, _, body = text.partition("\n")
    given = parser().read(line.removeprefix(MAGIC))
    return recipe.read(given.name, body, seconds=given.seconds)
