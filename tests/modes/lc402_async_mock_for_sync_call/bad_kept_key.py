"""What an AsyncMock returned has a name first, and is then a key, or kept in an object."""

# name: line.number | door.label
# findings: 2
from unittest import mock


class Exchange:
    def __init__(self):
        self.calls = {}

    def accept(self, line):
        number = line.number()
        print("accepted", number)
        self.calls[number] = line


class Room:
    def __init__(self, door):
        label = door.label("short")
        self.label = label


def test_a_call_is_found_by_its_number():
    exchange = Exchange()
    line = mock.MagicMock(number=mock.AsyncMock(return_value=12))  # LC402
    exchange.accept(line)
    assert exchange.calls[12] is line


def test_the_label_of_a_room():
    door = mock.MagicMock()
    door.label = mock.AsyncMock(return_value="B7")  # LC402
    room = Room(door)
    assert room.label.startswith("B")
