"""What a look shows, part by part, as sections: text and HTML are made from the same ones."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading, a table, and a line below it. Cells are plain text; empty columns are left out."""

    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""
