"""Answers to the exercise of LC501: the right ones and the wrong turns."""

from functools import partial

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc501_duplicate_metric import SKELETON

SKELETON_SAYS = (
    "every test runs and passes",
    "test_the_shop_has_two_ovens: prometheus_client.registry.DuplicateTimeseries",
)

changed = partial(in_text, text=SKELETON)
MAKES = 'self.baked = Counter("loaves", "Loaves that were baked", ["oven"]).labels(name)'
OVENS = "self.ovens = {name: Oven(name) for name in names}"
TAKES = ("def __init__(self, name):", "def __init__(self, name, loaves):")
PART = (MAKES, "self.baked = loaves.labels(name)")
COUNTER = 'Counter("loaves", "Loaves that were baked", ["oven"], registry=registry)'

RIGHT = {
    "the counter is handed on": changed(
        TAKES,
        PART,
        (OVENS, f"loaves = {COUNTER}\n        " + OVENS.replace("(name)", "(name, loaves)")),
    ),
    "made once for each registry": changed(
        ("class Oven:", "made = {}\n\n\nclass Oven:"),
        ("def __init__(self, name):", "def __init__(self, name, registry):"),
        (
            MAKES,
            f"if registry not in made:\n            made[registry] = {COUNTER}\n"
            "        self.baked = made[registry].labels(name)",
        ),
        (OVENS, OVENS.replace("(name)", "(name, registry)")),
    ),
    "the bakery counts": """
import asyncio
from prometheus_client import REGISTRY, Counter

class Bakery:
    def __init__(self, *names, registry=REGISTRY):
        self._loaves = Counter("loaves_total", "Loaves", labelnames=("oven",), registry=registry)
        for name in names:
            self._loaves.labels(oven=name)

    async def bake(self, oven, number):
        await asyncio.sleep(0)
        self._loaves.labels(oven=oven).inc(number)
""",
    "meters": """
import asyncio
from dataclasses import dataclass
from prometheus_client import REGISTRY, CollectorRegistry, Counter

class Meters:
    def __init__(self, registry):
        self.loaves = Counter("loaves", "Loaves", ["oven"], registry=registry)

@dataclass
class Oven:
    name: str
    meters: Meters

    def __post_init__(self):
        self.meters.loaves.labels(self.name)

    async def bake(self, number):
        await asyncio.sleep(0)
        self.meters.loaves.labels(self.name).inc(number)

class Bakery:
    def __init__(self, *names, registry: CollectorRegistry = REGISTRY):
        meters = Meters(registry)
        self.ovens = {name: Oven(name, meters) for name in names}

    async def bake(self, oven, number):
        await self.ovens[oven].bake(number)
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "caught": (
        changed(
            (MAKES, f"try:\n            {MAKES}\n        except ValueError:\n            pass")
        ),
        "every test",
        "An oven has no counter",
    ),
    "a registry for each oven": (
        changed(
            (MAKES, MAKES.replace('["oven"]', '["oven"], registry=CollectorRegistry()')),
            ("import REGISTRY,", "import REGISTRY, CollectorRegistry,"),
        ),
        "every test",
        "code counts them in another",
    ),
    "at the top of the module": (
        changed(
            ("class Oven:", f"loaves = {COUNTER[:-9]}REGISTRY)\n\n\nclass Oven:"),
            PART,
        ),
        "every test",
        "code counts them in another",
    ),
    "the one that is there": (
        changed(
            (
                MAKES,
                f"try:\n            {MAKES}\n        except ValueError:\n"
                "            found = REGISTRY._names_to_collectors['loaves']\n"
                "            self.baked = found.labels(name)",
            )
        ),
        "every test",
        "code counts them in another",
    ),
    "the registry handed to each oven": (
        changed(
            ("def __init__(self, name):", "def __init__(self, name, registry):"),
            (MAKES, f"self.baked = {COUNTER}.labels(name)"),
            (OVENS, OVENS.replace("(name)", "(name, registry)")),
        ),
        "every test",
        "One counter is enough for both",
    ),
    "the registry emptied first": (
        changed(
            TAKES,
            PART,
            (
                OVENS,
                "for one in list(REGISTRY._collector_to_names):\n"
                f"            REGISTRY.unregister(one)\n        loaves = {COUNTER}\n        "
                + OVENS.replace("(name)", "(name, loaves)"),
            ),
        ),
        "every test",
        "The real shop would lose",
    ),
}
