"""The login of a facilitator in a browser: the Hub's own (OAuth), and a session in memory.

The Hub sends a browser here only if its user may access this service. The board then asks the Hub
who that is, as it does for each token, and shows itself to facilitators alone.
"""

import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlencode

SECONDS = 3.0  # for the Hub's answer
SESSION, STATE = "loopcheck-board", "loopcheck-board-state"
A_DAY, A_WHILE = 24 * 3600, 600
MOST = 200  # sessions: a facilitator has a few browsers


@dataclass(frozen=True, slots=True)
class Client:
    """This service, as the Hub's OAuth knows it."""

    name: str
    secret: str
    back: str  # where the Hub sends the browser afterwards: a path, or an address
    authorize: str  # where it begins
    api: str

    def begin(self, state: str) -> str:
        """Return the address of the Hub's login for this service."""
        asked = {
            "client_id": self.name,
            "redirect_uri": self.back,
            "response_type": "code",
            "state": state,
        }
        return f"{self.authorize}?{urlencode(asked)}"

    async def token(self, code: str) -> str | None:
        """Return the token that the Hub gives for *code*, None if it refuses."""
        from tornado.httpclient import AsyncHTTPClient, HTTPRequest  # late: comes with JupyterHub

        form = {
            "client_id": self.name,
            "client_secret": self.secret,
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.back,
        }
        asked = HTTPRequest(
            self.api.rstrip("/") + "/oauth2/token",
            method="POST",
            body=urlencode(form),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            connect_timeout=SECONDS,
            request_timeout=SECONDS,
            follow_redirects=False,
        )
        try:
            answer = await AsyncHTTPClient().fetch(asked, raise_error=False)
            found = json.loads(answer.body) if answer.code == 200 else None
        except (OSError, ValueError, RecursionError):
            return None
        token = found.get("access_token") if isinstance(found, dict) else None
        return token if isinstance(token, str) else None


def client(environment: Mapping[str, str], prefix: str) -> Client | None:
    """Return the client that JupyterHub's *environment* describes, None if it has none."""
    name, secret = environment.get("JUPYTERHUB_CLIENT_ID"), environment.get("JUPYTERHUB_API_TOKEN")
    if not name or not secret:
        return None
    base = environment.get("JUPYTERHUB_BASE_URL") or "/"
    host = environment.get("JUPYTERHUB_HOST") or ""
    return Client(
        name=name,
        secret=secret,
        back=environment.get("JUPYTERHUB_OAUTH_CALLBACK_URL") or f"{host}{prefix}oauth_callback",
        authorize=f"{host}{base.rstrip('/')}/hub/api/oauth2/authorize",
        api=environment.get("JUPYTERHUB_API_URL") or "",
    )


@dataclass(slots=True)
class Sessions:
    """The browsers that have logged in: their cookies, and the Hub's tokens."""

    known: dict[str, tuple[str, float]] = field(default_factory=dict)

    def open(self, token: str) -> str:
        """Return the cookie of a new session."""
        self._age()
        cookie = secrets.token_urlsafe(32)
        self.known[cookie] = (token, time.monotonic() + A_DAY)
        return cookie

    def token(self, cookie: str) -> str:
        """Return the token of a session, empty if there is none."""
        self._age()
        return self.known.get(cookie, ("", 0.0))[0]

    def close(self, cookie: str) -> None:
        self.known.pop(cookie, None)

    def _age(self) -> None:
        now = time.monotonic()
        young = [(cookie, one) for cookie, one in self.known.items() if one[1] > now]
        self.known = dict(young[-MOST:])


def cookies(header: str) -> dict[str, str]:
    """Return the cookies of a request, none if they can't be read."""
    try:
        return {name: one.value for name, one in SimpleCookie(header).items()}
    except CookieError:
        return {}


def set_cookie(name: str, value: str, path: str, seconds: int, *, secure: bool) -> str:
    """Return the header of a cookie that no script reads and no other site sends."""
    flags = "; Secure" if secure else ""
    return f"{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{flags}"


def same(asked: Mapping[str, str], query: str) -> str | None:
    """Return the code of a browser that comes back, if it is the one that was sent."""
    given = parse_qs(query)
    state, code = given.get("state", [""])[0], given.get("code", [""])[0]
    sent = asked.get(STATE, "")
    return code if sent and code and hmac.compare_digest(sent.encode(), state.encode()) else None
