"""`%%recipe` tries one piece of old advice, `%recipes` all that the workbook prints."""

from IPython.core.error import UsageError

from loopcheck.faces.view import View
from loopcheck.lab import recipe, recipe_runs, recipe_words
from loopcheck.lab.arguments import Arguments, as_written
from loopcheck.lab.magics import Table
from loopcheck.lab.projects import ProjectError
from loopcheck.lab.recipe import Recipe, Result
from loopcheck.lab.recipes import by_group, parser, seconds_of
from loopcheck.lab.stopped import Stopped


class RecipeMagics:
    """Two magics; what `%recipes` saw is shown once more by the cell of each recipe."""

    def __init__(self) -> None:
        self.seen: dict[Recipe, Result] = {}

    def table(self) -> Table:
        """Return the magics by kind and name."""
        return {("cell", "recipe"): self.recipe, ("line", "recipes"): self.recipes}

    @as_written
    def recipe(self, line: str, cell: str) -> View:
        """Try one piece of advice: `%%recipe R03`, with its files below.

        The same question is asked with the advice and without it, in a process of its own; the
        verdict follows from the answers. A cell that `%recipes` has run shows what was seen then;
        run it again, or change a line, and it is tried anew.
        """
        given = parser("%%recipe").read(line)
        try:
            asked = recipe.read(given.name, cell, seconds=seconds_of(given))
        except ProjectError as error:
            raise UsageError(f"%%recipe {given.name}: {error}") from None
        known = self.seen.pop(asked, None)
        if known is None:
            known = self._run([asked])[0]
        return View(recipe_words.card(known), recipe_words.drawn(known))

    @as_written
    def recipes(self, line: str) -> View:
        """Try every recipe of the workbook, a few side by side, and count the verdicts."""
        Arguments("%recipes", "%recipes").read(line)
        found: dict[str, list[Result]] = {}
        for group, recipes in by_group().items():
            found[group] = self._run(recipes)
            print(f"{group}: {recipe_words.count(found[group])}", flush=True)
            self.seen |= {one.recipe: one for one in found[group]}
        return View(*recipe_words.overview(found))

    def _run(self, recipes: list[Recipe]) -> list[Result]:
        try:
            return list(recipe_runs.results(recipes))
        except KeyboardInterrupt:
            raise Stopped("the recipes and all that they started are ended") from None
