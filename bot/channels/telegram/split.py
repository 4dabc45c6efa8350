"""Long texts in parts that Telegram takes, cut where a reader would pause."""

#: Telegram's limit; counted in UTF-16 units, the narrower of the ways it can be read
LIMIT = 4096
PAUSES = ("\n\n", "\n", ". ", " ")


def split(text: str, limit: int = LIMIT) -> list[str]:
    """The text in parts of at most `limit` UTF-16 units; nothing but white space at the cuts is lost."""
    parts = []
    rest = text.strip()
    while rest:
        head = rest if _width(rest) <= limit else _head(rest, limit)
        parts.append(head.rstrip())
        rest = rest[len(head) :].lstrip()
    return parts


def _head(text: str, limit: int) -> str:
    longest = text.encode("utf-16-le", "surrogatepass")[: 2 * limit].decode("utf-16-le", "ignore")
    for pause in PAUSES:
        cut = longest.rfind(pause)
        if cut >= len(longest) // 2:  # a short first part would read like an accident
            return longest[: cut + len(pause)]
    return longest


def _width(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
