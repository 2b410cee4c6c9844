import asyncio


async def ask(port, said):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)  # LC307
    writer.write(said.encode() + b"\n")
    await writer.drain()
    return (await reader.readline()).decode().strip()
