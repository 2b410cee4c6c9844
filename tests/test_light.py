"""Records are dataclasses to everyone who uses them, and cost little to everyone who does not."""

import copy
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict, field, fields, is_dataclass
from dataclasses import dataclass as stock
from dataclasses import replace as stock_replace
from pprint import pformat
from typing import TYPE_CHECKING, Any

import pytest

from loopcheck.light import dataclass, frozen, replace

if TYPE_CHECKING:
    from decimal import Decimal  # a field's type that is not there when the program runs


@frozen
class Cup:
    """Something to drink from."""

    holds: str
    full: bool = False


@frozen
class Spoken:
    """A record with words of its own."""

    word: str

    def __repr__(self) -> str:
        return self.word


@dataclass(frozen=True, eq=False)
class Guest:
    """Whoever comes, by name; two of a name are two."""

    name: str
    pays: "Decimal | None" = None
    greet: Callable[[str], str] = str.title

    def __str__(self) -> str:
        return self.greet(self.name)


@dataclass()
class Tray:
    """Carries what is put on it."""

    cups: list[Cup] = field(default_factory=list)
    table: int = field(default=3)


@stock(frozen=True, slots=True, kw_only=True)
class Stock:
    """The same cup, as the standard library makes it."""

    holds: str
    full: bool = False


STOCK: Any = Stock(holds="tea")


def test_it_is_what_a_dataclass_of_the_same_fields_is() -> None:
    ours = Cup(holds="tea")
    assert repr(ours) == repr(STOCK).replace("Stock", "Cup")
    assert [one.name for one in fields(ours)] == [one.name for one in fields(STOCK)]
    assert is_dataclass(ours)
    assert not hasattr(ours, "__dict__")
    assert replace(ours, full=True) == Cup(holds="tea", full=True) == stock_replace(ours, full=True)
    assert repr(Spoken(word="hello")) == "hello"
    long = Cup(holds="tea" * 99)
    assert pformat(long) == repr(long)


def test_it_is_equal_to_its_like_alone_and_serves_as_a_key() -> None:
    assert Cup(holds="tea") == Cup(holds="tea") != Cup(holds="milk")
    assert Cup(holds="tea") != STOCK
    assert {Cup(holds="tea"), Cup(holds="tea")} == {Cup(holds="tea")}
    with pytest.raises(TypeError, match="unhashable"):
        hash(Cup(holds=[]))  # type: ignore[arg-type]


def test_it_cannot_be_changed() -> None:
    cup: Any = Cup(holds="tea")
    with pytest.raises(FrozenInstanceError, match="'holds' of a Cup"):
        cup.holds = "milk"
    with pytest.raises(FrozenInstanceError):
        del cup.holds
    assert cup.holds == "tea"


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))]
)
def test_it_can_be_copied_and_sent(again: Any) -> None:
    assert again(Cup(holds="tea", full=True)) == Cup(holds="tea", full=True)


def test_what_it_is_not_made_of_is_refused_by_name() -> None:
    make: Any = Cup
    with pytest.raises(TypeError, match=r"Cup\.__init__\(\) missing .*'holds'"):
        make()
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'size'"):
        make(holds="tea", size=2)
    with pytest.raises(TypeError, match="positional"):
        make("tea")


def test_it_can_be_made_by_position_and_be_equal_to_itself_alone() -> None:
    ann = Guest("ann", None)
    assert str(ann) == "Ann"
    assert ann != Guest("ann")
    assert len({ann, Guest("ann"), ann}) == 2
    assert str(replace(ann, name="bob")) == "Bob"
    with pytest.raises(FrozenInstanceError):
        ann.name = "bob"  # type: ignore[misc]


def test_each_that_is_made_has_a_default_of_its_own() -> None:
    one, other = Tray(), Tray()
    one.cups.append(Cup(holds="tea"))
    assert (one.table, other.cups) == (3, [])
    assert one != other
    assert asdict(one) == {"cups": [{"holds": "tea", "full": False}], "table": 3}
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)
    with pytest.raises(AttributeError):
        one.saucers = 2  # type: ignore[attr-defined]


COUNTED = """
import sys, dataclasses, typing, loopcheck.light
seen = []

def note(event, args):
    if event == "compile" and b"self" in args[0]:
        seen.append(args)

sys.addaudithook(note)
import loopcheck.records as records
print(len(seen), sum(dataclasses.is_dataclass(one) for one in vars(records).values()))
"""


def test_no_record_is_compiled_before_it_is_made() -> None:
    said = subprocess.run(
        [sys.executable, "-c", COUNTED], capture_output=True, text=True, check=True, timeout=60
    )
    compiled, records = map(int, said.stdout.split())
    assert records > 50
    # Places alone are the standard library's own dataclass: they are made with positions.
    assert compiled < 20
