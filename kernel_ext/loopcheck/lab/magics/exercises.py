"""`%%exercise`, `%hint`, `%solution`, `%progress`, `%start_over`."""

import re
from dataclasses import replace

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from loopcheck.faces.view import View
from loopcheck.lab import exercises, overview, progress, report
from loopcheck.lab.arguments import Arguments, as_written, near
from loopcheck.lab.exercise import Exercise
from loopcheck.lab.grading import Checked, Verdict, grade
from loopcheck.lab.lessons import lesson_stems, solution_file
from loopcheck.lab.magics import Table
from loopcheck.lab.stopped import Stopped

NO_NAME = re.compile(r"NameError: name '(\w+)' is not defined")


class ExerciseMagics:
    """The graded part of the lessons."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self.recent: str | None = None  # stem of the exercise last spoken of

    def table(self) -> Table:
        """Return the magics by kind and name."""
        return {
            ("line_cell", "exercise"): self.exercise,
            ("line", "hint"): self.hint,
            ("line", "solution"): self.solution,
            ("line", "progress"): self.progress,
            ("line", "start_over"): self.start_over,
        }

    @as_written
    def exercise(self, line: str, cell: str | None = None) -> None:
        """Grade a cell: `%%exercise LC102`. The line form `%exercise LC102` tells the task.

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
            print(report.opening(exercise))
        elif not cell.strip():
            print(f"This cell is empty.\n\n{report.opening(exercise)}")
        else:
            self._judge(exercise, cell)

    def _judge(self, exercise: Exercise, answer: str) -> None:
        try:
            verdict = grade(exercise, answer, _tell)
        except KeyboardInterrupt:
            raise Stopped(f"the answer to {exercise.code} and all it started are ended") from None
        trouble = _note(exercise, answer, verdict)
        print(report.closing(exercise, verdict, self._missing_names(verdict), _next_step()))
        if trouble:
            print(trouble)

    def _missing_names(self, verdict: Verdict) -> list[str]:
        """Return where names that the cell lacks are defined: a graded cell reads only itself."""
        words = " ".join(one.seen or "" for one in verdict.checked)
        return [
            f"The cell is graded on its own, and `{name}` is not in it"
            + (f": cell {number} defines it." if (number := self._cell_with(name)) else ".")
            for name in dict.fromkeys(NO_NAME.findall(words))
        ]

    def _cell_with(self, name: str) -> int | None:
        """Return the number of the last cell that defines *name*, if there is one."""
        defines = re.compile(
            rf"^(?:(?:async )?def|class) {name}\b|^{name}\s*=|^(?:from|import) .*\b{name}\b", re.M
        )
        history = self.shell.history_manager
        cells = list(enumerate(history.input_hist_raw if history else ()))
        found = [n for n, text in cells if defines.search(text) and "%%exercise" not in text]
        return found[-1] if found else None

    @as_written
    def hint(self, line: str) -> None:
        """Show the next of three hints: `%hint LC102`. `%hint LC102 1` shows the first again."""
        parser = Arguments("%hint", "%hint [LC102] [NUMBER]")
        parser.add_argument("words", nargs="*", metavar="LC102")
        words = parser.read(line).words
        number = int(words.pop()) if words and words[-1].isdigit() else None
        exercise = self._find(_one(parser, words))
        state, trouble = progress.read(exercise.stem)
        most, ready = len(exercise.hints), min(state.hints + 1, len(exercise.hints))
        shown = ready if number is None else number
        if not 1 <= shown <= ready:
            parser.error(f"hint {shown} is not open: there are {most}, one after the other")
        print(report.paragraph(f"Hint {shown} of {most}. {exercise.hints[shown - 1]}"))
        if shown == most:
            print(f"Beyond that there is %solution {exercise.code}")
        kept = progress.write(replace(state, hints=max(state.hints, shown)))
        _tell_trouble(trouble or kept)

    @as_written
    def solution(self, line: str) -> None:
        """Tell how many hints are left: `%solution LC102`. `%solution LC102 show` opens it."""
        parser = Arguments("%solution", "%solution [LC102] [show]")
        parser.add_argument("words", nargs="*", metavar="LC102")
        words = parser.read(line).words
        if show := words[-1:] == ["show"]:
            words = words[:-1]
        exercise = self._find(_one(parser, words))
        if show:
            print(_solution(exercise))
            return
        state, trouble = progress.read(exercise.stem)
        print(report.before_solution(exercise, state.hints))
        _tell_trouble(trouble)

    @as_written
    def progress(self, line: str) -> View:
        """Show where you are and which lesson is next: `%progress`; `--all` shows every lesson."""
        parser = Arguments("%progress", "%progress [--all]")
        parser.add_argument("--all", action="store_true")
        everything = parser.read(line).all
        states, troubles = _states()
        said, drawn = overview.shown(states, lesson_stems(), everything=everything)
        _tell_trouble(*troubles)
        return View(said, drawn)

    @as_written
    def start_over(self, line: str) -> None:
        """Delete the progress of an exercise: `%start_over LC102`. Cells keep their text."""
        parser = Arguments("%start_over", "%start_over LC102")
        parser.add_argument("code", metavar="LC102")
        exercise = self._find(parser.read(line).code)
        done = f"{exercise.code} begins anew: its progress is deleted, your cells keep their text."
        print(progress.forget(exercise.stem) or done)

    def _find(self, word: str | None) -> Exercise:
        """Return the exercise that *word* names; without a word the one last spoken of."""
        stems = exercises.stems()
        codes = [exercises.code_of(stem) for stem in stems]
        if word is None and self.recent is None and len(stems) > 1:
            raise UsageError(f"Which exercise? There are {', '.join(codes)}.")
        found = exercises.find(word if word is not None else self.recent or stems[0])
        if found is None:
            there = f"there {'are' if len(codes) > 1 else 'is'} {', '.join(codes)}"
            raise UsageError(f"No exercise `{word}`: {there}.{near(word or '', codes)}")
        self.recent = found.stem
        return found


def _one(parser: Arguments, words: list[str]) -> str | None:
    """Return the one word that names an exercise, if there is one."""
    if len(words) > 1:
        parser.error(f"`{words[1]}` says nothing here")
    return words[0] if words else None


def _tell(one: Checked) -> None:
    if one.looked:
        print(report.requirement(one), flush=True)


def _tell_trouble(*lines: str | None) -> None:
    for line in lines:
        if line:
            print(line)


def _note(exercise: Exercise, answer: str, verdict: Verdict) -> str | None:
    """Keep what came of *answer*; return a line to tell if that went wrong."""
    state, trouble = progress.read(exercise.stem)
    state = replace(state, tries=state.tries + 1)
    if verdict.passed:
        state = replace(state, passed=answer, exercise=exercise.digest)
    kept = progress.write(state)
    return trouble or kept


def _states() -> tuple[list[overview.Standing], list[str | None]]:
    """Return where the learner is in each exercise, and lines to tell."""
    known = [exercises.load(stem) for stem in exercises.stems()]
    read = [progress.read(exercise.stem) for exercise in known]
    states = list(zip(known, (state for state, _ in read), strict=True))
    return states, [trouble for _, trouble in read]


def _next_step() -> str:
    """Return the sentence that names the next lesson."""
    return f"{overview.following(_states()[0], lesson_stems())} %progress shows the way."


def _solution(exercise: Exercise) -> str:
    """Return the text of the solution."""
    try:
        return solution_file(exercise.stem).read_text(encoding="utf-8").rstrip()
    except OSError:
        return f"The solution of {exercise.code} did not come with this copy of loopcheck."
