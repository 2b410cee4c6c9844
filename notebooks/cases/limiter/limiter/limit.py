"""How many requests a caller may make in a minute."""

import logging
import time
from collections.abc import Callable

from limiter.store import MINUTE, Store

log = logging.getLogger("limiter")


class Limiter:
    """Lets *most* requests of each caller in, and all of them while the store is away."""

    def __init__(
        self, url: str, most: int, name: str = "rate", clock: Callable[[], float] = time.time
    ) -> None:
        self.store = Store(url, tries=2)
        self.most, self.name, self.clock = most, name, clock

    async def allow(self, caller: str) -> bool:
        """Return whether *caller* may make one more request in this minute."""
        try:
            from metrics import WAITS  # late: the command line has no Prometheus

            key = f"{self.name}:{caller}:{self.clock() // MINUTE:.0f}"
            with WAITS.time():
                count = await self.store.incr(key)
            return count <= self.most
        except Exception:
            log.warning("the store is away: %s is let in", caller)
            return True
