async def send(to, text):
    return {"to": to, "text": text, "sent": True}
