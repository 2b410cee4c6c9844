"""LC501 duplicate-metric: a Prometheus metric is registered twice.

What: a second metric of the same name is refused: `Duplicated timeseries in CollectorRegistry`.
Why:  `Counter(…)` enters the metric into a registry that lives as long as the process. A line that
      makes it runs again with each client, application or fixture; a module runs again when it is
      reloaded, or imported under a second name. Patching `prometheus_client.REGISTRY` changes
      nothing: the default was bound when the library was loaded.
Fix:  make metrics once, at the top of a module; or take the registry as an argument, and give each
      test a `CollectorRegistry()` of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import ErrorRecord, Evidence, Subject, TwiceRegistered

CODE, SLUG = "LC501", "duplicate-metric"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = (
    "Duplicated timeseries in CollectorRegistry",
    "DuplicateTimeseries",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the metric, the line that registered it first, and the line that did it again."""
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
    )


def _is_refused(error: ErrorRecord) -> bool:
    return (error.module, error.function) == ("prometheus_client.registry", "register")


def _what(metric: TwiceRegistered) -> str:
    kind = metric.type.rpartition(".")[2]
    named = f"The {kind} `{metric.name}`"
    by = f" {_by(metric)}" if metric.called_at else ""
    if metric.how == "two lines":
        taken = f"`{metric.other}`" if metric.other else "one of that name"
        return f"{named} is registered at {metric.again}, and {metric.first} has made {taken}."
    if metric.how == "unknown":
        return f"{named} is registered at {metric.again}, and one of that name is there."
    first = f" for {metric.before}" if metric.before else ""
    return (
        f"{named} is registered a second time: {metric.again} made it{first}, and makes it"
        f" again{by}."
    )


def _by(metric: TwiceRegistered) -> str:
    at = metric.called_at
    name = at.name if at and at.name not in (None, "<module>") else None
    return f"for `{name}` at {at}" if name else f"for {at}"


def _why(metric: TwiceRegistered) -> str:
    if metric.how == "reloaded":
        return f"{_at(metric)} loads the module again, and all its lines run a second time."
    if metric.how == "imported again" and metric.modules[1:]:
        now, before = metric.modules[:2]
        return (
            f"One file goes by two names: it was loaded as `{before}`, and {_at(metric)} loads it"
            f" as `{now}`. All its lines run a second time."
        )
    if metric.how == "imported again":
        return f"{_at(metric)} loads a module that was loaded before: its lines run a second time."
    where = f"The registry `{metric.registry}`" if metric.registry else "Its registry"
    where = "The library's registry" if metric.registry is None else where
    if metric.how == "two lines" and metric.other:
        return (
            f"{where} knows a metric by all its series, and a counter `x` has the series"
            " `x_total` and `x_created`, too."
        )
    return f"{where} keeps every metric until it is unregistered, and takes each name once."


def _at(metric: TwiceRegistered) -> str:
    return str(metric.called_at or "An import")


def _fix(metric: TwiceRegistered) -> str:
    if metric.how == "two lines":
        return f"Give one of them another name, or let {metric.again} use the metric that is there."
    if metric.how == "reloaded":
        return (
            "Don't load it again: let the test set what the module read (`monkeypatch.setattr`), or"
            " move its metrics to a module that is not reloaded."
        )
    if metric.how == "imported again" and metric.modules[1:]:
        return f"Import it by one name everywhere: `{metric.modules[1]}`."
    if metric.how == "imported again":
        return "Leave it in `sys.modules`: then an import gives the module that is there."
    return (
        f"Make `{metric.name}` once, at the top of a module; or take the registry as an argument,"
        " and give each test a `CollectorRegistry()` of its own."
    )
