import os

import valkey.asyncio as valkey

client = valkey.from_url(os.environ["VALKEY_URL"])  # LC102
