from .mailer import send as send_mail


class SignUp:
    async def register(self, address):
        async with self:
            answer = await send_mail(address, "welcome")
        return answer["sent"]

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        return None
