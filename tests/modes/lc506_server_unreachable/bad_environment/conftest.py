import os

os.environ["BROKER_ADDRESS"] = "127.0.0.1:" + str(4 + 5)
