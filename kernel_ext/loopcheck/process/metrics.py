"""prometheus_client's metrics: which are registered, where, and the line that created each."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from types import ModuleType

from loopcheck.labels import Labels, plain
from loopcheck.process import objects, reach
from loopcheck.records import Place, RegistryRecord
from loopcheck.source import modules

Roots = Iterable[tuple[str, object]]

# Every process with prometheus_client has these.
_FOLDED = frozenset({"ProcessCollector", "PlatformCollector", "GCCollector"})


def read_metrics(
    roots: Roots, labels: Labels, *, everything: bool = False
) -> tuple[RegistryRecord, ...]:
    """Return the user's metrics in the library's registry, and in registries that have a name."""
    library = sys.modules.get("prometheus_client.registry")
    if type(library) is not ModuleType:
        return ()
    found = _metrics(library.__dict__, roots, labels, everything)
    return tuple(sorted(found, key=lambda record: (record.name, record.detail or "")))


def _metrics(
    library: dict[str, object],
    roots: Iterable[tuple[str, object]],
    labels: Labels,
    everything: bool,
) -> Iterator[RegistryRecord]:
    kind = library.get("CollectorRegistry")
    if not isinstance(kind, type):
        return
    users = users_spaces()
    main = library.get("REGISTRY")
    yield from _collectors(main, None, users, labels, everything)
    for found in reach.reach([*roots, *modules.roots()], (kind,)):
        if found.thing is not main:
            name = found.subject().name
            yield from _collectors(found.thing, name, users, labels, everything)


def users_spaces() -> list[modules.Space]:
    """Return the user modules that have a name for something of the library."""
    return [s for s in modules.spaces() if any(map(_of_prometheus, list(s.held.values())))]


def _of_prometheus(thing: object) -> bool:
    if type(thing) is ModuleType:
        name: object = thing.__dict__.get("__name__")
    else:
        kind = thing if objects.is_a(thing, type) else type(thing)
        name = objects.module_of(kind)
    return type(name) is str and name.partition(".")[0] == "prometheus_client"


def _collectors(
    registry: object,
    named: str | None,
    users: list[modules.Space],
    labels: Labels,
    everything: bool,
) -> Iterator[RegistryRecord]:
    kept = objects.peek(registry, "_collector_to_names")
    for collector, series in list(dict.items(kept)) if type(kept) is dict else ():
        kind = objects.type_name(collector).rpartition(".")[2]
        if kind in _FOLDED and _of_prometheus(collector) and not everything:
            continue
        name = _metric_name(collector, series) or kind
        yield RegistryRecord(
            kind="metric",
            name=plain(name),
            detail=_metric_detail(kind, collector, named),
            made_at=line_of(collector, name, kind, users, labels),
        )


def _metric_name(collector: object, series: object) -> str | None:
    own = objects.peek(collector, "_name")
    if type(own) is str:
        return own
    texts = [one for one in series if type(one) is str] if type(series) is list else []
    return min(texts, default=None)


def _metric_detail(kind: str, collector: object, named: str | None) -> str:
    kept = objects.peek(collector, "_labelnames")
    by = [label for label in kept if type(label) is str] if type(kept) is tuple else []
    said = f"{kind} by {', '.join(by)}" if by else kind
    return plain(f"{said}, in {named}" if named else said)


def line_of(
    collector: object, name: str, kind: str, users: list[modules.Space], labels: Labels
) -> Place | None:
    """Return the line that created *collector*, if only one is possible."""
    for space in users:
        for given, value in list(space.held.items()):
            if value is collector:
                return modules.line_of(space, given, labels)

    def makes(_: modules.Space, call: ast.Call) -> bool:
        first = modules.text_of(call.args[0]) if call.args else None
        return first in (name, f"{name}_total") and ast.unparse(call.func).endswith(kind)

    return modules.only_call(tuple(users), name, makes, labels)
