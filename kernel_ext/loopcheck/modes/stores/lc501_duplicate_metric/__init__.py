"""LC501 duplicate-metric: a Prometheus metric is registered twice.

What: the registry refuses a second metric of the same name: `Duplicated timeseries in
      CollectorRegistry`.
Why:  `Counter(…)` registers the metric in a registry that lives as long as the process. The line
      that creates it runs again with each client, application or fixture. A module runs again when
      it is reloaded, or imported under a second name. Patching `prometheus_client.REGISTRY` does
      not help: the default was bound when the library was loaded.
Fix:  create metrics once, at the top of a module. Or take the registry as an argument, and give
      each test its own `CollectorRegistry()`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import ErrorRecord, Evidence, Subject, TwiceRegistered

CODE, SLUG = "LC501", "duplicate-metric"
SUPERSEDES: frozenset[str] = frozenset()
AFTER_OTHERS = True
SAYS = (
    "Duplicated timeseries in CollectorRegistry",
    "DuplicateTimeseries",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the metric, the line that registered it first, and the line that did so again."""
    if not any(map(_is_refused, evidence.errors)):
        return
    from loopcheck.modes.stores.lc501_duplicate_metric import (
        evidence as questions,  # late: for its own cases
    )

    metric = evidence.ask(questions.find_duplicate_metric)
    if metric is None:
        return
    ran_twice = metric.how in ("imported again", "reloaded")
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=metric.name, type=metric.type),
        where=(metric.called_at or metric.again) if ran_twice else metric.again,
        made_at=metric.first,
        used_at=metric.again,
        what=_what(metric),
        why=_why(metric),
        fix=_fix(metric),
        remedy=_remedy(metric),
    )


def _remedy(metric: TwiceRegistered) -> tuple[str, ...]:
    if metric.how == "line again":
        return ("once", metric.name)
    if metric.how == "imported again" and metric.modules[1:]:
        return ("one name", *metric.modules[:2])
    return ()


def _is_refused(error: ErrorRecord) -> bool:
    return (error.module, error.function) == ("prometheus_client.registry", "register")


def _what(metric: TwiceRegistered) -> str:
    kind = metric.type.rpartition(".")[2]
    named = f"the {kind} `{metric.name}`"
    by = f", {_by(metric)}" if metric.called_at else ""
    if metric.how == "two lines":
        taken = f"`{metric.other}`" if metric.other else "a metric of that name"
        return f"{metric.again} registers {named}, but {metric.first} already registered {taken}."
    if metric.how == "unknown":
        return f"{metric.again} registers {named}, but a metric of that name already exists."
    first = f", after doing so for {metric.before}" if metric.before else ""
    return f"{metric.again} registers {named} a second time{by}{first}."


def _by(metric: TwiceRegistered) -> str:
    at = metric.called_at
    name = at.name if at and at.name not in (None, "<module>") else None
    return f"for `{name}` at {at}" if name else f"for {at}"


def _why(metric: TwiceRegistered) -> str:
    if metric.how == "reloaded":
        return f"{_at(metric)} loads the module again, so all its lines run a second time."
    if metric.how == "imported again" and metric.modules[1:]:
        now, before = metric.modules[:2]
        return (
            f"One file has two module names: {_at(metric)} loads it as `{now}`, but it was already"
            f" loaded as `{before}`, so all its lines run a second time."
        )
    if metric.how == "imported again":
        return f"{_at(metric)} loads a module that was loaded before, so its lines run twice."
    where = f"The registry `{metric.registry}`" if metric.registry else "Its registry"
    where = "The library's registry" if metric.registry is None else where
    if metric.how == "two lines" and metric.other:
        return (
            f"{where} stores a metric under all its series, and a counter `x` also has the series"
            " `x_total` and `x_created`."
        )
    return f"{where} keeps every metric until it is unregistered, and accepts each name once."


def _at(metric: TwiceRegistered) -> str:
    return str(metric.called_at or "An import")


def _fix(metric: TwiceRegistered) -> str:
    if metric.how == "two lines":
        return f"Give one of them another name, or use the existing metric at {metric.again}."
    if metric.how == "reloaded":
        return (
            "Don't reload it: let the test set the value that the module reads"
            " (`monkeypatch.setattr`), or move its metrics to a module that is not reloaded."
        )
    if metric.how == "imported again" and metric.modules[1:]:
        return f"Import it under one name everywhere: `{metric.modules[1]}`."
    if metric.how == "imported again":
        return "Leave it in `sys.modules`, so that an import returns the loaded module."
    return (
        f"Create `{metric.name}` once, at the top of a module. Or take the registry as an argument,"
        " and give each test its own `CollectorRegistry()`."
    )
