import os

from prometheus_client import Gauge

LIMIT = int(os.environ.get("LIMIT", "5"))
OPEN = Gauge("connections_open", "Connections that are open")
