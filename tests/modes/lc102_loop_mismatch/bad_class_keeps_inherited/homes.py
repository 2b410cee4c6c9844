import asyncio


class AtHome:
    def __init__(this):
        running = asyncio.get_running_loop()  # LC102
        this.home = running

    def promise(this):
        return this.home.create_future()
