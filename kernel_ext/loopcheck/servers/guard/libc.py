"""The few calls that Python lacks. If the system has none of them, nothing happens."""

import contextlib
import ctypes

SECUREBITS, KEEP_CAPABILITIES = 28, 1 << 2  # prctl, SECBIT_NO_SETUID_FIXUP
AMBIENT, RAISE = 47, 2
DEATH_SIGNAL = 1
READ_SEARCH = 2  # CAP_DAC_READ_SEARCH
VERSION_3 = 0x20080522
IPC_RMID = 0


def knows_death_signals() -> bool:
    """True if the kernel can end a process with its parent: Linux."""
    try:
        return bool(ctypes.CDLL(None).prctl)
    except (OSError, AttributeError, TypeError):
        return False


def dies_with_parent(number: int) -> bool:
    """Request signal *number* for this process when its parent ends. True if that works."""
    return knows_death_signals() and ctypes.CDLL(None).prctl(DEATH_SIGNAL, number) == 0


def keep_capabilities() -> None:
    """Keep all capabilities over a change of user."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(SECUREBITS, KEEP_CAPABILITIES, 0, 0, 0)


def keep_only_reading() -> None:
    """Drop all of root's rights except reading and searching, and keep those over exec."""
    with contextlib.suppress(OSError, AttributeError):
        head, bit = (ctypes.c_uint32 * 2)(VERSION_3, 0), 1 << READ_SEARCH
        ctypes.CDLL(None).capset(head, (ctypes.c_uint32 * 6)(bit, bit, bit))
        ctypes.CDLL(None).prctl(AMBIENT, RAISE, READ_SEARCH, 0, 0)


def forget(*segments: int | None) -> None:
    """Remove System V shared memory segments that still exist."""
    for segment in segments:
        if segment is not None:
            with contextlib.suppress(OSError, AttributeError):
                ctypes.CDLL(None).shmctl(segment, IPC_RMID, None)
