"""The addresses in a release's metadata, from the repository that it is built in.

A fork that releases its own build names its own issues, and no file needs an edit for it.
"""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

# git writes https://host/owner/name.git, ssh://git@host/owner/name or git@host:owner/name.
REMOTE = re.compile(
    r"(?:(?:https?|ssh|git)://)?(?:[^@/]*@)?(?P<host>[\w.-]+\.\w+)(?::\d+)?[:/]"
    r"(?P<path>[\w.-]+(?:/[\w.-]+)+)/?"
)


class ProjectUrls(MetadataHookInterface):
    """Fills `[project.urls]`, unless an sdist has them already."""

    PLUGIN_NAME = "custom"

    def update(self, metadata: dict[str, Any]) -> None:
        """Put the addresses into *metadata*, none if the repository has no public one."""
        if not metadata.get("urls"):
            home = public_address(os.environ, Path(self.root))
            metadata["urls"] = project_urls(home) if home else {}


def public_address(variables: Mapping[str, str], folder: Path) -> str | None:
    """Return where the repository is on the web: of GitHub's runner, or of the remote `origin`."""
    server, name = variables.get("GITHUB_SERVER_URL"), variables.get("GITHUB_REPOSITORY")
    if server and name:
        return f"{server}/{name}"
    if not (folder / ".git").exists():  # git would ask the repository of a folder above
        return None
    command = ("git", "-C", str(folder), "config", "--get", "remote.origin.url")
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:  # no git on this machine
        return None
    return web_address(told.strip())


def web_address(remote: str) -> str | None:
    """Return the page of a git remote, None for a folder of this machine."""
    found = REMOTE.fullmatch(remote)
    return f"https://{found['host']}/{found['path'].removesuffix('.git')}" if found else None


def project_urls(home: str) -> dict[str, str]:
    """Return the addresses that package indexes show under names they know."""
    return {
        "Repository": home,
        "Documentation": f"{home}/tree/main/docs",
        "Changelog": f"{home}/blob/main/CHANGELOG.md",
        "Issues": f"{home}/issues",
    }
