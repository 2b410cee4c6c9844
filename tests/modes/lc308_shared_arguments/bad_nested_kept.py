"""What is added lies beside a list that nobody touches; the assertion is over all of it."""

# name: Site.pages

import pytest


class Site:
    pages = {"home": [], "about": ["us"]}  # LC308

    def publish(self, name):
        self.pages[name] = [name]


@pytest.mark.asyncio
async def test_a_page_is_published():
    site = Site()
    site.publish("news")
    assert site.pages["news"] == ["news"]


@pytest.mark.asyncio
async def test_a_new_site_has_two_pages():
    site = Site()
    assert site.pages == {"home": [], "about": ["us"]}
