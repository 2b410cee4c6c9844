"""What was added is not what the assertion fails for: a list beside it is not as it says."""

import pytest


class Site:
    pages = {"home": [], "about": ["us"]}

    def publish(self, name):
        self.pages[name] = [name]


@pytest.mark.asyncio
async def test_a_page_is_published():
    site = Site()
    site.publish("news")
    assert site.pages["news"] == ["news"]


@pytest.mark.asyncio
async def test_about_is_about_them():
    site = Site()
    assert site.pages == {"home": [], "about": ["them"]}


@pytest.mark.asyncio
async def test_about_is_not_about_us():
    assert Site.pages["about"] == []
