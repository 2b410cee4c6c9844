"""A clinic: projects without a label, and what tells each from its neighbours."""

from dataclasses import dataclass, field

HEALTHY = "healthy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """One project of a clinic. The notebook cell that writes it has its files."""

    project: str  # its name, unique across all clinics
    answer: str  # "LC202", or HEALTHY
    places: tuple[tuple[str, str], ...] = ()  # file, text of a line that can be changed
    told_by: str  # what tells it from its neighbours: printed after a right diagnosis
    nudge: str  # where to look: printed after any other answer
    hangs: bool = False  # its run never ends: the notebook stops it
    not_this: dict[str, str] = field(default_factory=dict)  # by likely wrong answer: why not


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic:
    """One notebook of patients."""

    stem: str  # of the notebook: "80_clinic_one"
    patients: tuple[Patient, ...]

    @property
    def title(self) -> str:
        """The clinic's name in a sentence: "clinic one"."""
        return self.stem.partition("_")[2].replace("_", " ")
