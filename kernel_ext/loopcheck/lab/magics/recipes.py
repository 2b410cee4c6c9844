"""`%%recipe` tries one piece of old advice, `%recipes` all of the workbook's."""

import re

from IPython.core.error import UsageError

from loopcheck.lab.arguments import Arguments, as_written, near
from loopcheck.lab.magics import Table
from loopcheck.lab.projects.project_files import ProjectError
from loopcheck.lab.recipes import recipe, recipe_runs, recipe_words
from loopcheck.lab.recipes.recipe import Recipe, Result
from loopcheck.lab.recipes.workbook_recipes import by_group, parser
from loopcheck.lab.stopped_cell import Stopped
from loopcheck.report.view import View

USAGE = "%recipes [word of a group …]"


class RecipeMagics:
    """Two magics; each recipe's cell shows the result of `%recipes` once more."""

    def __init__(self) -> None:
        self.known: dict[Recipe, Result] = {}  # counted results
        self.unshown: set[Recipe] = set()

    def table(self) -> Table:
        """Return the magics by kind and name."""
        return {("cell", "recipe"): self.recipe, ("line", "recipes"): self.recipes}

    @as_written
    def recipe(self, line: str, cell: str) -> View:
        """Try one piece of advice: `%%recipe R03`, with its files below.

        It runs the same tests with the advice and without it, in a separate process, and compares
        the results. If `%recipes` has just run this cell, the cell shows that result; run it again,
        or change a line, to try the advice again.
        """
        given = parser().read(line)
        try:
            asked = recipe.read(given.name, cell, seconds=given.seconds)
        except ProjectError as error:
            raise UsageError(f"%%recipe {given.name}: {error}") from None
        if asked in self.unshown:
            self.unshown.remove(asked)
            seen = self.known[asked]
        else:
            [seen] = _run([asked])
        return View(recipe_words.card(seen), recipe_words.drawn(seen))

    @as_written
    def recipes(self, line: str) -> View | None:
        """Try the workbook's recipes, a few at a time: `%recipes loop settings`.

        Each word selects the group with that word in its heading. Without a word, it tries the
        recipes that have not run yet and counts all verdicts.
        """
        words = Arguments("%recipes", USAGE).words(line)
        groups = by_group()
        for group in _named(words, groups) if words else groups:
            due = [one for one in groups[group] if words or one not in self.known]
            if due:
                seen = _run(due)
                self.known |= {one.recipe: one for one in seen}
                self.unshown |= set(due)
                print(f"{group}: {recipe_words.count(seen)}", flush=True)
        if words:
            return None
        found = {group: [self.known[one] for one in ones] for group, ones in groups.items()}
        return View(*recipe_words.overview(found))


def _named(words: list[str], groups: dict[str, list[Recipe]]) -> list[str]:
    """Return the groups that *words* name."""
    found = []
    for word in words:
        named = [group for group in groups if word.lower() in _words(group)]
        if not named:
            known = [name for group in groups for name in _words(group)]
            raise UsageError(
                f"%recipes: no group has the word `{word}`: there are {', '.join(groups)}."
                f"{near(word, known)}"
            )
        found += named
    return list(dict.fromkeys(found))


def _words(heading: str) -> list[str]:
    return re.findall(r"\w+", heading.lower())


def _run(recipes: list[Recipe]) -> list[Result]:
    try:
        return list(recipe_runs.results(recipes))
    except KeyboardInterrupt:
        raise Stopped("the recipes and all that they started are ended") from None
