"""The tools: what each takes, and what it does. They block, and are called in threads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from loopcheck.cli.mcp_server import explanations, fixes, results
from loopcheck.cli.mcp_server.project_runs import Job, Project
from loopcheck.cli.mcp_server.results import Result
from loopcheck.cli.typed import WrongInput, no_such

RUN_SECONDS, FIX_SECONDS, LONGEST_RUN = 120, 600, 1800
HANG_SECONDS = 5
KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "array": (list,),
    "number": (int, float),
    "boolean": (bool,),
}


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a tool, by JSON Schema's type."""

    kind: str
    about: str
    default: Any = None

    def schema(self) -> dict[str, Any]:
        known: dict[str, Any] = {"type": self.kind, "description": self.about}
        if self.kind == "array":
            known["items"] = {"type": "string"}
        return known if self.default is None else {**known, "default": self.default}

    def fits(self, value: object) -> bool:
        if isinstance(value, bool) and self.kind != "boolean":
            return False
        if isinstance(value, list) and not all(isinstance(one, str) for one in value):
            return False
        return isinstance(value, KINDS[self.kind])


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: its function gets the project, the job and all arguments by name."""

    name: str
    about: str
    function: Callable[..., Result]
    arguments: Mapping[str, Argument]
    required: tuple[str, ...] = ()
    read_only: bool = False
    alone: bool = True  # tests of one project at a time: they share ports, files and databases

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {name: one.schema() for name, one in self.arguments.items()},
            "required": list(self.required),
            "additionalProperties": False,
        }

    def checked(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return all arguments; raise `WrongInput` with one line for a wrong one."""
        for name, value in given.items():
            if name not in self.arguments:
                raise WrongInput(no_such("argument", name, self.arguments, self.name))
            if not self.arguments[name].fits(value):
                kind = self.arguments[name].schema()
                items = " of strings" if "items" in kind else ""
                raise WrongInput(f"{self.name}: `{name}` must be of type {kind['type']}{items}.")
        for name in self.required:
            if name not in given:
                raise WrongInput(f"{self.name} needs the argument `{name}`.")
        found = {name: given.get(name, one.default) for name, one in self.arguments.items()}
        if not 0 < found.get("timeout", 1) <= LONGEST_RUN:
            raise WrongInput(f"{self.name}: `timeout` must be above 0 and at most {LONGEST_RUN}.")
        return found


def run_tests(project: Project, job: Job, args: list[str]) -> Result:
    """Run the tests and remember what they showed."""
    return results.of_run(project.run(args, job))


def why(project: Project, job: Job, test: str) -> Result:
    """Return all that is known of one test; run it if no run did, or if there is no finding."""
    known = project.known_test(test)
    if known is not None and results.is_explained(*known):
        return results.of_test(*known)
    alone = project.run([project.place_of(test)], job)
    known = project.known_test(test)
    if known is None or known[0] is not alone:
        return results.of_run(alone)  # a file of many tests, or none ran
    return results.of_test_alone(*known)


def explain(project: Project, job: Job, words: str) -> Result:
    """Return a page, or a list of modes."""
    return explanations.of(words)


def fix(project: Project, job: Job, test: str | None, write: bool) -> Result:
    """Prove the changes for the faults of *test*, or of all; write them if asked."""
    args = (project.place_of(test),) if test is not None else ()
    result = fixes.proved(project.root, args, job, write=write)
    if result.data.get("written"):
        project.runs.clear()  # they are of another text
    return result


def hang_of(project: Project, job: Job, args: list[str], limit: float) -> Result:
    """Run the tests, stop those that hang for *limit* seconds, and return what they wait for."""
    if not 0 < limit < job.seconds:
        raise WrongInput(
            f"hang_of: `limit` must be above 0 and below {job.seconds:g}, the timeout."
        )
    return results.of_hangs(project.run([*args, f"--loopcheck-hang={limit:g}"], job), limit)


ARGS = Argument(
    "array",
    "pytest's arguments, one word each: files, folders, tests (tests/test_a.py::test_b), and "
    "options such as -k, -m, -x, --lf, -n. Without any, all tests run.",
    [],
)
TEST = "a test: tests/test_a.py::test_b, or test_b if a run had one of that name"


def _timeout(default: int) -> Argument:
    about = f"seconds after which the call is stopped, at most {LONGEST_RUN}"
    return Argument("number", about, default)


TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            "run_tests",
            "Run pytest in the project and name the cause of each failure: the code of the failure "
            "mode, how certain it is, the line to change, and what to change.",
            run_tests,
            {"args": ARGS, "timeout": _timeout(RUN_SECONDS)},
        ),
        Tool(
            "why",
            "Return all that is known of one test's failure in the latest run: what is bound to "
            "which event loop, where it was made and used, why it fails. Without a finding it runs "
            "the test alone and returns what pytest prints.",
            why,
            {"test": Argument("string", TEST), "timeout": _timeout(RUN_SECONDS)},
            required=("test",),
        ),
        Tool(
            "explain",
            "Return the page of a failure mode: what it is, why it happens, what to change. Takes "
            "a code or a slug (LC202, never-awaited), words, or a pasted error message.",
            explain,
            {"words": Argument("string", "a code, words, or an error message")},
            required=("words",),
            read_only=True,
            alone=False,
        ),
        Tool(
            "fix",
            "Try the change for each fault in a copy of the project, and return it as a diff with "
            "its proof: with it, the tests pass three times, and in random order. Nothing in the "
            "project changes, unless write is true: then what is proved is written.",
            fix,
            {
                "test": Argument("string", f"{TEST}. Without it, the faults of all tests."),
                "write": Argument("boolean", "write what is proved", False),
                "timeout": _timeout(FIX_SECONDS),
            },
        ),
        Tool(
            "hang_of",
            "Run tests that hang, stop each after limit seconds, and return what it waits for: the "
            "line, the object, and who could wake it.",
            hang_of,
            {
                "args": ARGS,
                "limit": Argument("number", "seconds without progress", HANG_SECONDS),
                "timeout": _timeout(RUN_SECONDS),
            },
        ),
    )
}
