"""Calls the class board, with the token that the JupyterHub passed to this server."""

import json
import os
import re
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urljoin, urlsplit

from loopcheck.lab.board import BoardDown, BoardError
from loopcheck.lab.board.row import cleaned

SECONDS = 3.0  # for each step of an answer: a board is near, or it is down
LARGEST = 4 << 20  # bytes of an answer
NO_BOARD = "There is no class board here"
ALONE = "Your progress stays on this machine; %progress --export carries it."
TOKEN = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class Board:
    """The board's address, and the token of this server."""

    url: str  # ends in a slash
    token: str

    def ask(self, method: str, path: str, content: object = None) -> object:
        """Return the board's answer; raise BoardError with one line if it refuses."""
        parts = urlsplit(self.url)
        secure = parts.scheme == "https"
        # Not urllib: that follows redirects with the token, and reads proxies from the environment.
        kind = HTTPSConnection if secure else HTTPConnection
        headers = {"Authorization": f"token {self.token}", "Connection": "close"}
        body = None if content is None else json.dumps(content).encode()
        try:
            with closing(kind(parts.hostname or "", parts.port, timeout=SECONDS)) as connection:
                connection.request(method, parts.path + path, body, headers)
                with closing(connection.getresponse()) as response:
                    return self._read(response)
        except (OSError, HTTPException) as error:
            raise BoardDown(f"The class board does not answer: {_reason(error)}.") from None

    def _read(self, response: HTTPResponse) -> object:
        text = response.read(LARGEST)
        try:
            found = json.loads(text) if text else None
        except (ValueError, RecursionError):
            found = None
        ours = isinstance(found, dict)
        if response.status < 300 and (ours or not text):
            return found
        if isinstance(found, dict) and isinstance(said := found.get("said"), str):
            raise (BoardDown if response.status >= 500 else BoardError)(cleaned(said, 300))
        if response.status >= 500:
            raise BoardDown(f"The class board does not answer: the Hub says {response.status}.")
        raise BoardError(
            f"{NO_BOARD}: {self.url} answers {response.status}. Tell the facilitator. {ALONE}"
        )


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"it took longer than {SECONDS:.0f} seconds"
    return (getattr(error, "strerror", None) or type(error).__name__).lower()


def find() -> Board:
    """Return the board of the Hub that started this server; raise BoardError if there is none."""
    token = os.environ.get("JUPYTERHUB_API_TOKEN", "")
    if not TOKEN.fullmatch(token):
        raise BoardError(f"{NO_BOARD}: no JupyterHub has started this. {ALONE}")
    # The second is set if the Hub knows its own address (`c.JupyterHub.public_url`).
    url = os.environ.get("LOOPCHECK_BOARD_URL") or urljoin(
        os.environ.get("JUPYTERHUB_PUBLIC_HUB_URL", ""), "../services/loopcheck-board/"
    )
    if not _reachable(url):
        raise BoardError(
            f"{NO_BOARD}: LOOPCHECK_BOARD_URL is not a valid address. Tell the admin of this "
            f"JupyterHub. {ALONE}"
        )
    return Board(url.rstrip("/") + "/", token)


def _reachable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        known = url.isascii() and parts.scheme in ("http", "https")
        return known and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is not a number
        return False
