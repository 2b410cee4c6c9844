"""One question to a server, without a client library."""

import socket

BOUND = 2.0  # seconds; a healthy server on loopback answers in under a millisecond


def ping(port: int, password: str) -> None:
    """Raise `OSError` unless what listens on *port* takes *password* and answers PING."""
    login = _command(b"AUTH", password.encode()) if password else b""
    with socket.create_connection(("127.0.0.1", port), timeout=BOUND) as line:
        line.sendall(login + _command(b"PING"))
        heard = b""
        while b"+PONG\r\n" not in heard:
            more = line.recv(4096)
            if not more or heard.startswith(b"-"):
                raise ConnectionError(heard.decode(errors="replace").strip() or "it hung up")
            heard += more


def _command(*words: bytes) -> bytes:
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in words)
