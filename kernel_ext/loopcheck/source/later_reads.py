"""Which locals the rest of a function may still read, by its bytecode.

Handlers and clean-ups stand behind the lines that they guard, so an offset shows what is to come.
"""

from __future__ import annotations

import dis
from types import CodeType

_READS = ("LOAD_FAST", "LOAD_DEREF", "LOAD_CLOSURE", "STORE_FAST_LOAD_FAST")


def names(code: CodeType, offset: int) -> frozenset[str]:
    """Return the locals of *code* that it may read after the instruction at *offset*.

    A loop goes back to its first line. An inner function may be called at any time.
    """
    steps = list(dis.get_instructions(code))
    back = (one.argval for one in steps if one.offset > offset and "JUMP" in one.opname)
    first = min((one for one in back if type(one) is int and one <= offset), default=offset + 1)
    read: set[str] = set(code.co_cellvars)
    for one in steps:
        if one.offset >= first and one.opname.startswith(_READS):
            read.update(one.argval if type(one.argval) is tuple else (one.argval,))
    return frozenset(read)
