"""How long a text is. Slack does not say what it counts, so it is the count that gives the most."""


def units(text: str) -> int:
    """UTF-16 units: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
