"""The patches of tests: recorded while they run, read when one of them fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopcheck.watch import patches

if TYPE_CHECKING:
    import pytest

    from loopcheck.labels import Labels
    from loopcheck.records import Evidence


class Patched:
    """The watch of patches, for one run."""

    def __init__(self, labels: Labels) -> None:
        self.labels = labels
        self.end = patches.install()
        self.loaded = patches.loaded

    def explains(
        self, evidence: Evidence, error: BaseException | None, item: pytest.Item
    ) -> Evidence:
        """Return *evidence* with the patches that explain *error*, or a hang without one."""
        from loopcheck.case import patch_evidence

        return patch_evidence.of_failure(evidence, error, item, self.labels)
