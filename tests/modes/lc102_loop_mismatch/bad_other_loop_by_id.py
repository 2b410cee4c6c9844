"""Workers note the id of their loop. One of them has made a loop for itself."""

# name: noted[1]
import asyncio
import threading
import unittest


def work(noted):
    loop = asyncio.new_event_loop()  # LC102
    noted.append(id(loop))
    loop.run_until_complete(asyncio.sleep(0))
    noted.append(loop)


class WorkersTest(unittest.IsolatedAsyncioTestCase):
    async def test_all_work_on_one_loop(self):
        noted = [id(asyncio.get_running_loop())]
        thread = threading.Thread(target=work, args=(noted,))
        thread.start()
        await asyncio.to_thread(thread.join)
        noted.pop().close()
        assert noted[1] == noted[0]
