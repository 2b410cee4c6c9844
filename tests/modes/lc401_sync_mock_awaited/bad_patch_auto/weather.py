import forecasts


class Report:
    def __init__(self):
        self._source = forecasts.Source()

    async def line(self, town):
        try:
            found = await self._source.today(town)
        except LookupError:
            return f"{town}: unknown"
        return f"{town}: {found}"
