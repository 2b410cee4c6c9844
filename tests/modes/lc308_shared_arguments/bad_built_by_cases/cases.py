# name: BASE["items"]
from dataclasses import dataclass


@dataclass
class Case:
    payload: dict
    want: int


BASE = {"items": [1, 2]}  # LC308


def case(**more):
    return Case({**BASE, **more}, 3)
