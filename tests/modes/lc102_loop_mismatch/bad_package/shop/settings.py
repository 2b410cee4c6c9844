import os

VALKEY_URL = os.environ["VALKEY_URL"]
