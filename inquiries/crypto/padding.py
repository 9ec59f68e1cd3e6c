"""Few answers have few lengths: "yes" and "no" were told apart without a key. So each text fills a room, a longer one
the next power of two. Finer steps would save half of that, and have dozens of lengths where these have five."""

import json

SHORT, LINE, LONG = 64, 128, 256  # bytes: any codes or a phone; a line of 80 letters; an address of 254, or free text
END = b"\x80"  # ISO/IEC 7816-4: then zeros to the end


def size(length: int, room: int) -> int:
    while room <= length:
        room *= 2
    return room


def pad(text: bytes, room: int) -> bytes:
    return (text + END).ljust(size(len(text), room), b"\0")


def unpad(padded: bytes) -> bytes:
    text, end, zeros = padded.rpartition(END)
    if not end or zeros.strip(b"\0"):
        raise ValueError("not padded")
    return text


def even_json(answers: dict[str, str], rooms: dict[str, int]) -> str:
    """What was not answered takes its room too, so that the whole tells no more than the cells of the answers."""
    text = as_json(answers)
    full = sum(len(as_json({name: ""})) + size(len(as_json(answers.get(name, ""))) - 2, rooms[name]) for name in rooms)
    return (text + b" " * (full - len(text))).decode()


def as_json(value) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
