from unittest import IsolatedAsyncioTestCase

from desk import service


# name: tickets.open
class TestReport(IsolatedAsyncioTestCase):
    async def test_1_reports(self):
        assert await service.report(1, "a leak") == [1]

    async def test_2_reports_another(self):
        assert await service.report(2, "a noise") == [2]

    async def test_3_knows_no_ticket(self):
        assert await service.look_up(1) is None
