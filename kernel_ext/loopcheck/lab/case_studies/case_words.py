"""What a case study is and does, in words."""

from loopcheck.lab import verdicts
from loopcheck.lab.case_studies.case_runs import Outcome
from loopcheck.lab.case_studies.cases import Files
from loopcheck.lab.recipes.recipe_words import linked
from loopcheck.report import html, text
from loopcheck.report.sections import Section

# On 3.11 nothing shows which exception a handler caught: with these codes a stored table would
# differ by Python version.
SINCE_312 = frozenset({"LC502"})


def listed(name: str, files: Files) -> str:
    """Return the files of a case, and the length of each."""
    wide = max(map(len, files))
    lines = [f"  {path:<{wide}}  {_lines(text):>9}" for path, text in files.items()]
    return "\n".join([f"{name}, as it was found:", *lines])


def _lines(text: str) -> str:
    count = len(text.splitlines())
    return f"{count} line{'' if count == 1 else 's'}"


def planted(bug: str, seen: Outcome, before: Outcome) -> str:
    """Return whether a test noticed a planted bug; *before* is the result without the bug."""
    same = ", the same without it" if seen.failed and seen.failed == before.failed else ""
    return verdicts.paragraph(
        f"{bug}: {seen.summary}{same}. {verdicts.sentence(_caught(seen, before))}"
    )


def _caught(seen: Outcome, before: Outcome) -> str:
    new = [test for test in seen.failed if test not in before.failed]
    return f"caught by {', '.join(new)}" if new else "nobody noticed"


def proof(name: str, seen: dict[str, Outcome]) -> tuple[str, str]:
    """Return the results of each state of a case as a table: text and HTML."""
    section = Section(
        title=name,
        columns=("state", "pytest says", "loopcheck names"),
        rows=tuple(
            (state, one.summary, ", ".join(_on_each_python(one)) or "nothing")
            for state, one in seen.items()
        ),
    )
    return text.section(section), linked(html.section(section))


def _on_each_python(seen: Outcome) -> list[str]:
    return [code for code in seen.codes if code not in SINCE_312]
