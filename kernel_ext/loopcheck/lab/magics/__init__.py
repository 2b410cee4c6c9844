"""The magics of a lesson: parse, call, show. `loopcheck.lab.extension` registers them."""

from collections.abc import Callable

Table = dict[tuple[str, str], Callable[..., object]]  # by kind and name
