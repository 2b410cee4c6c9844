"""What refuses the call asks another object for its state, and no line has closed that one."""

import pytest

pytestmark = pytest.mark.asyncio


class Room:
    def __init__(self):
        self.shut, self.names = False, []

    def close(self):
        self.shut = True

    def open(self):
        self.shut = False


class Guest:
    def __init__(self, name):
        self.name, self.left = name, True

    def leave(self):
        self.left = True


async def enter(room, guest):
    if room.shut or guest.left:
        raise PermissionError(guest.name)
    room.names.append(guest.name)


async def test_a_guest_who_has_never_come():
    room, other = Room(), Room()
    other.close()
    await enter(room, Guest("ana"))


async def test_a_room_that_was_opened_again():
    room = Room()
    room.close()
    room.open()
    await enter(room, Guest("ana"))
