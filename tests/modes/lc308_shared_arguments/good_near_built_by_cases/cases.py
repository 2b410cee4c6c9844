from dataclasses import dataclass

BASE = {"items": [1, 2], "left": []}


@dataclass
class Box:
    name: str
    held: dict


def box(name):
    return Box(name, {**BASE})
