DEFAULTS = {"host": "localhost", "port": 6379}  # LC308


async def connect(host, port):
    return f"{host}:{port}"


async def open_store(options):
    host = options.pop("host")
    return await connect(host, **options)
