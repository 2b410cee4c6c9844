"""`%%exercise`, `%hint`, `%solution`."""

import os
import re
from dataclasses import replace
from functools import partial
from time import time_ns

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from loopcheck.lab import exercises, real_python, verdicts
from loopcheck.lab.arguments import Arguments, as_written
from loopcheck.lab.board import sharing
from loopcheck.lab.exercise import Exercise
from loopcheck.lab.exercise_names import known_codes, named
from loopcheck.lab.grading import Verdict, grade
from loopcheck.lab.learner import overview, progress
from loopcheck.lab.learner.standings import standings
from loopcheck.lab.magics import Table, board
from loopcheck.lab.magics.growing_verdict import screen_of
from loopcheck.lab.stopped_cell import Stopped
from loopcheck.lab.workbook.lesson_files import lesson_stems, solution_file
from loopcheck.lab.workbook.missing_cell import defines

NO_NAME = re.compile(r"NameError: name '(\w+)' is not defined")


class ExerciseMagics:
    """The graded part of the lessons."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self.recent: str | None = None  # stem of the exercise last used

    def table(self) -> Table:
        """Return the magics by kind and name."""
        return {
            ("line_cell", "exercise"): self.exercise,
            ("line", "hint"): self.hint,
            ("line", "solution"): self.solution,
        }

    @as_written
    def exercise(self, line: str, cell: str | None = None) -> None:
        """Grade a cell: `%%exercise LC102`. The line form `%exercise LC102` prints the task.

        `%exercise LC102 --skeleton` puts the file you began with into a new cell.
        """
        parser = Arguments("%exercise", "%%exercise LC102, or %exercise LC102 [--skeleton]")
        parser.add_argument("code", metavar="LC102", nargs="?")
        parser.add_argument("--skeleton", action="store_true")
        given = parser.read(line)
        exercise = self._find(given.code)
        if given.skeleton:
            self.shell.set_next_input(f"%%exercise {exercise.code}\n{exercise.skeleton}")
        elif cell is None:
            print(verdicts.opening(exercise))
        elif not cell.strip():
            print(f"This cell is empty.\n\n{verdicts.opening(exercise)}")
        else:
            self._judge(exercise, cell)

    def _judge(self, exercise: Exercise, answer: str) -> None:
        if why := real_python.why_not_exercise(exercise.stem):
            print(real_python.advice("This exercise", why))
            return
        solved = progress.read(exercise.stem)[0].passed is not None
        screen = screen_of(self.shell)
        try:
            verdict = grade(exercise, answer, screen.tell, screen.runs)
        except KeyboardInterrupt:
            screen.stop()
            raise Stopped(f"the answer to {exercise.code} and all it started are ended") from None
        trouble = _note(exercise, answer, verdict)
        missing = self._missing_names(verdict)
        screen.close(verdicts.closing(exercise, verdict, missing, _next_step(), solved=solved))
        if trouble:
            print(trouble)
        board.note(partial(sharing.checked, stem=exercise.stem, found=verdict.checked))

    def _missing_names(self, verdict: Verdict) -> list[str]:
        """Return where missing names are defined: a graded cell reads only itself."""
        words = " ".join(one.seen or "" for one in verdict.checked)
        return [
            f"The cell is graded alone, and it doesn't define `{name}`"
            + (f": cell {number} defines it." if (number := self._cell_with(name)) else ".")
            for name in dict.fromkeys(NO_NAME.findall(words))
        ]

    def _cell_with(self, name: str) -> int | None:
        """Return the number of the last cell that defines *name*, if there is one."""
        history, pattern = self.shell.history_manager, defines(name)
        cells = list(enumerate(history.input_hist_raw if history else ()))
        found = [n for n, text in cells if pattern.search(text) and "%%exercise" not in text]
        return found[-1] if found else None

    @as_written
    def hint(self, line: str) -> None:
        """Show the next of three hints: `%hint LC102`. `%hint LC102 1` shows the first again."""
        parser = Arguments("%hint", "%hint [LC102] [NUMBER]")
        parser.add_argument("words", nargs="*", metavar="LC102")
        words = parser.read(line).words
        number = int(words.pop()) if words and words[-1].isdigit() else None
        exercise = self._find(_one(parser, words))
        taken = progress.read(exercise.stem)[0].hints
        most, ready = len(exercise.hints), min(taken + 1, len(exercise.hints))
        shown = ready if number is None else number
        if not 1 <= shown <= ready:
            parser.error(f"hint {shown} is not open yet: there are {most}, one after the other")
        print(verdicts.paragraph(f"Hint {shown} of {most}. {exercise.hints[shown - 1]}"))
        if shown == most:
            print(f"After the last hint: %solution {exercise.code}")
        _tell_trouble(
            progress.change(
                exercise.stem,
                lambda state: replace(state, hints=max(state.hints, shown), when=time_ns()),
            )
        )
        board.note(partial(sharing.moved, stem=exercise.stem))

    @as_written
    def solution(self, line: str) -> None:
        """Show the solution and its reasons: `%solution LC102`.

        While you have hints left and have not solved the exercise, it only says so. To see the
        solution all the same: `%solution LC102 show`.
        """
        parser = Arguments("%solution", "%solution [LC102] [show]")
        parser.add_argument("words", nargs="*", metavar="LC102")
        words = parser.read(line).words
        if show := words[-1:] == ["show"]:
            words = words[:-1]
        exercise = self._find(_one(parser, words))
        state, trouble = progress.read(exercise.stem)
        if show or state.passed is not None or state.hints >= len(exercise.hints):
            print(_solution(exercise))
        else:
            print(verdicts.before_solution(exercise, state.hints))
        _tell_trouble(trouble)

    def _find(self, word: str | None) -> Exercise:
        """Return the exercise that *word* names; without a word, the current one."""
        asked = word if word is not None else self.recent or self._here()
        if asked is None:
            raise UsageError(f"Which exercise? There are {known_codes()}.")
        found = named(asked)
        self.recent = found.stem
        return found

    def _here(self) -> str | None:
        """Return the stem of the lesson that this kernel belongs to, if its server sets it."""
        names = (os.environ.get("JPY_SESSION_NAME"), self.shell.user_ns.get("__vsc_ipynb_file__"))
        stems = [re.split(r"[\\/]", name)[-1].removesuffix(".ipynb") for name in names if name]
        return next((stem for stem in stems if stem in exercises.every()), None)


def _one(parser: Arguments, words: list[str]) -> str | None:
    """Return the one word that names an exercise, if there is one."""
    if len(words) > 1:
        parser.error(f"`{words[1]}` is one word too many")
    return words[0] if words else None


def _tell_trouble(*lines: str | None) -> None:
    for line in lines:
        if line:
            print(line)


def _note(exercise: Exercise, answer: str, verdict: Verdict) -> str | None:
    """Save the result of *answer*; return a line to print if that fails."""

    def tried(state: progress.Progress) -> progress.Progress:
        state = replace(state, tries=state.tries + 1, when=time_ns())
        return replace(state, passed=answer, exercise=exercise.digest) if verdict.passed else state

    return progress.change(exercise.stem, tried)


def _next_step() -> str:
    """Return the sentence that names the next lesson."""
    return f"{overview.following(standings()[0], lesson_stems())} %progress shows the way."


def _solution(exercise: Exercise) -> str:
    """Return the text of the solution."""
    try:
        return solution_file(exercise.stem).read_text(encoding="utf-8").rstrip()
    except OSError:
        return f"The solution of {exercise.code} did not come with this copy of loopcheck."
