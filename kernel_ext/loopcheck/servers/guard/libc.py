"""The few calls that Python does not have. Where there is none of them, nothing happens."""

import contextlib
import ctypes

SECUREBITS, KEEP_CAPABILITIES = 28, 1 << 2  # prctl, SECBIT_NO_SETUID_FIXUP
AMBIENT, RAISE = 47, 2
DEATH_SIGNAL = 1
READ_SEARCH = 2  # CAP_DAC_READ_SEARCH
VERSION_3 = 0x20080522
IPC_RMID = 0


def knows_death_signals() -> bool:
    """Whether the kernel can end a process with its parent: Linux."""
    try:
        return bool(ctypes.CDLL(None).prctl)
    except (OSError, AttributeError, TypeError):
        return False


def dies_with_parent(number: int) -> bool:
    """Have signal *number* sent to this process when its parent ends. Whether that can be."""
    return knows_death_signals() and ctypes.CDLL(None).prctl(DEATH_SIGNAL, number) == 0


def keep_capabilities() -> None:
    """Let a change of user take nothing away."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(SECUREBITS, KEEP_CAPABILITIES, 0, 0, 0)


def keep_only_reading() -> None:
    """Drop all that root may do but to read and search everywhere, and keep that over exec."""
    with contextlib.suppress(OSError, AttributeError):
        head, bit = (ctypes.c_uint32 * 2)(VERSION_3, 0), 1 << READ_SEARCH
        ctypes.CDLL(None).capset(head, (ctypes.c_uint32 * 6)(bit, bit, bit))
        ctypes.CDLL(None).prctl(AMBIENT, RAISE, READ_SEARCH, 0, 0)


def forget(*segments: int | None) -> None:
    """Remove segments of System V's shared memory, as far as they are still there."""
    for segment in segments:
        if segment is not None:
            with contextlib.suppress(OSError, AttributeError):
                ctypes.CDLL(None).shmctl(segment, IPC_RMID, None)
