"""The tools: what each takes, and what it does. They block, and are called in threads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from loopcheck.cli.mcp_server import explanations, project_runs, results
from loopcheck.cli.mcp_server.arguments import Arguments
from loopcheck.cli.mcp_server.project_runs import Job
from loopcheck.cli.mcp_server.results import Result
from loopcheck.cli.typed import WrongInput, no_such
from loopcheck.repair.test_runs import Run

RUN_SECONDS, LONGEST_RUN = 120, 1800
KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "array": (list,),
    "number": (int, float),
    "boolean": (bool,),
}


@dataclass(slots=True)
class Project:
    """The folder that the tools are about, and what its last run showed."""

    arguments: Arguments
    last: Run | None = None

    @property
    def root(self) -> Path:
        return self.arguments.root


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


ARGS = Argument(
    "array",
    "pytest's arguments, one word each: files, folders, tests (tests/test_a.py::test_b), and "
    "options such as -k, -m, -x, --lf, -n. Without any, all tests run.",
    [],
)
TIMEOUT = Argument("number", f"seconds after which the run is stopped, at most {LONGEST_RUN}")


def run_tests(project: Project, job: Job, args: list[str]) -> Result:
    """Run the tests and remember what they showed."""
    words = project.arguments.checked(args)
    project.last = project_runs.run(project.root, words, job)
    return results.of_run(project.last)


def explain(project: Project, job: Job, words: str) -> Result:
    """Return a page, or a list of modes."""
    return explanations.of(words)


TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            "run_tests",
            "Run pytest in the project and name the cause of each failure: the code of the failure "
            "mode, how certain it is, the line to change, and what to change.",
            run_tests,
            {"args": ARGS, "timeout": replace(TIMEOUT, default=RUN_SECONDS)},
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
    )
}
