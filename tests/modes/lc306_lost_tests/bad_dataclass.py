"""The constructor is made by the decorator."""

# name: TestPrices
from dataclasses import dataclass, field


@dataclass
class TestPrices:  # LC306
    prices: dict = field(default_factory=lambda: {"bread": 3})

    def test_bread(self):
        assert self.prices["bread"] == 4


class TestStock:
    def test_empty(self):
        assert not []
