lines = []


async def write(line):
    lines.append(line)
