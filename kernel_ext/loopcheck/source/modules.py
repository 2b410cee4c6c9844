"""The user's modules and cells as they are loaded, and the text of their lines."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from itertools import islice

from loopcheck.labels import Labels
from loopcheck.light import dataclass
from loopcheck.process import object_names, objects
from loopcheck.records import Place
from loopcheck.source import parsed_files, project_files
from loopcheck.source.definitions import Def

FILES = 60  # whose lines are read in one search


@dataclass(frozen=True, kw_only=True, eq=False)
class Space:
    """The globals of a module. Lives only while a probe runs: it holds the user's objects."""

    name: str
    held: dict[str, object]
    file: str | None  # None: the notebook, or code typed at a prompt

    def files(self) -> tuple[str, ...]:
        return parsed_files.cells() if self.file is None else (self.file,)

    def written(self, name: str) -> str:
        """Return *name* as user code writes it: bare in a notebook, dotted for a module."""
        return name if self.name == "__main__" else f"{self.name}.{name}"


def spaces() -> tuple[Space, ...]:
    """Return the loaded user modules, by name; a module loaded twice appears twice."""
    found = []
    for name, module in project_files.not_of_libraries():
        held = module.__dict__
        file = held.get("__file__")
        if name == "__main__" and file is None:
            found.append(Space(name=name, held=held, file=None))
        elif type(file) is str and project_files.owner(file, name) == "user":
            found.append(Space(name=name, held=held, file=file))
    return tuple(sorted(found, key=lambda space: space.name))


def globals_of(file: str) -> dict[str, object]:
    """Return the globals of the user module of *file*, {} if it is not loaded."""
    return next((space.held for space in spaces() if space.file == file), {})


def files() -> tuple[str, ...]:
    """Return the files of user modules, and the cells, each once."""
    return tuple(dict.fromkeys(file for space in spaces() for file in space.files()))


def functions_named(name: str) -> Iterator[tuple[str, Def]]:
    """Yield the functions and methods of this *name* in the project, each with its file."""
    for file in dict.fromkeys(project_files.files()):
        tree = parsed_files.tree(file) if f"def {name}(" in parsed_files.text(file) else None
        for node in parsed_files.statements(tree) if tree is not None else ():
            if isinstance(node, Def) and node.name == name:
                yield file, node


def trees_with(
    name: str, means: Callable[[object], bool]
) -> Iterator[tuple[Space, str, ast.Module]]:
    """Yield the modules whose text has *name*, or that have what *means* under another name.

    Each comes with its file and its syntax tree. To parse all others would take seconds.
    """
    for space in spaces():
        if space.file is None:
            continue
        tree = parsed_files.tree_with(space.file, name)
        if tree is None and any(map(means, list(space.held.values()))):
            tree = parsed_files.tree(space.file)
        if tree is not None:
            yield space, space.file, tree


def roots() -> Iterator[tuple[str, object]]:
    """Yield the globals of user modules, by the names from `Space.written`."""
    for space in spaces():
        for name, value in list(space.held.items()):
            if type(name) is str and not name.startswith("__") and not objects.is_module(value):
                yield space.written(name), value


def line_of(space: Space, name: str, labels: Labels) -> Place | None:
    """Return the line that creates the global *name* of *space*."""
    places = (object_names.global_line(file, name, labels) for file in space.files())
    return next((place for place in places if place is not None), None)


def keeping(*things: object) -> tuple[Space, ...]:
    """Return the spaces that hold one of *things* under a name."""
    wanted = {id(thing) for thing in things if thing is not None}
    return tuple(s for s in spaces() if any(id(value) in wanted for value in list(s.held.values())))


def only_call(
    among: tuple[Space, ...], word: str, fits: Callable[[Space, ast.Call], bool], labels: Labels
) -> Place | None:
    """Return the place of the only call that *fits*, None if there is none or more than one.

    We parse only files whose text contains *word*: a project may have thousands.
    """
    files = {file: space for space in among for file in space.files()}
    named = ((file, space) for file, space in files.items() if word in parsed_files.text(file))
    found = [
        Place(labels.file(file), node.lineno)
        for file, space in islice(named, FILES)
        for node in _calls(parsed_files.text(file))
        if fits(space, node)
    ]
    return found[0] if len(found) == 1 else None


@parsed_files.kept(FILES)
def _calls(text: str) -> tuple[ast.Call, ...]:
    module = parsed_files.parse(text) if text else None
    nodes = ast.walk(module) if module is not None else ()
    return tuple(node for node in nodes if isinstance(node, ast.Call))


def text_of(node: ast.expr | None) -> str | None:
    """Return the value of *node* if it is a string literal."""
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, str) else None
