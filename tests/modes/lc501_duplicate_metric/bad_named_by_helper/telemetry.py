from prometheus_client import REGISTRY, CollectorRegistry, Counter


def counter(name, *labels, registry=REGISTRY):
    return Counter(f"shop_{name}", name, labels, registry=registry)


SHARED = CollectorRegistry()
