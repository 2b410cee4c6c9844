from database import pool  # LC404


async def free():
    return pool["seats"]
