"""Which locals the rest of a function may still read, by its bytecode."""

from __future__ import annotations

import dis
from types import CodeType

from loopcheck.source.catching import exception_table
from loopcheck.source.parsed_files import kept

_READS = ("LOAD_FAST", "LOAD_DEREF", "LOAD_CLOSURE", "STORE_FAST_LOAD_FAST")
_ENDS = ("RETURN", "RERAISE", "RAISE", "JUMP_FORWARD", "JUMP_BACKWARD")  # what follows does not run
_JUMPS = frozenset(dis.hasjrel)


@kept(64)
def names(code: CodeType, offset: int) -> frozenset[str]:
    """Return the locals of *code* that it may read after the instruction at *offset*.

    An inner function may be called at any time.
    """
    steps = {one.offset: one for one in dis.get_instructions(code)}
    following = dict(zip(steps, [*steps][1:], strict=False))
    blocks = list(exception_table.blocks(code))
    failed = max(one for one in steps if one <= offset)  # 3.11 may stand in a call's own cache
    read, seen, todo = set(code.co_cellvars), {failed}, [failed]
    while todo:
        at = todo.pop()
        one = steps[at]
        if at != failed and one.opname.startswith(_READS):
            read.update(one.argval if type(one.argval) is tuple else (one.argval,))
        after = [target for start, end, target in blocks if start <= at < end]
        after += [one.argval] if one.opcode in _JUMPS else []
        if at in following and (at == failed or not one.opname.startswith(_ENDS)):
            after.append(following[at])
        todo += [each for each in after if each not in seen]
        seen.update(after)
    return frozenset(read)
