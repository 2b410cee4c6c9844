import shop


async def test_main(capsys):
    shop.main()
    assert "jam" in capsys.readouterr().out
