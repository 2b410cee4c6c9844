"""Tests of a plugin: what the tests that they run inside leave is what they are about."""

pytest_plugins = ["pytester"]


def test_failures_of_tasks_are_counted(pytester):
    pytester.makepyfile(
        """
        import asyncio, gc

        async def fail():
            raise LookupError("ada")

        def test_a_task_is_forgotten():
            async def main():
                asyncio.create_task(fail())
                await asyncio.sleep(0)

            asyncio.run(main())
            gc.collect()
        """
    )
    assert pytester.runpytest_inprocess("-p", "no:cacheprovider").ret == 0
