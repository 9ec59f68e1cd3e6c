"""How long a text looks once it is sealed: a cipher hides what a text says, and shows how long it is.

Few possible answers have few lengths: "yes", "no" and "not-sure" were told apart without a key. So each text is made
up to a fixed room, and a longer one to the next power of two: all that shows of a long text is which one. Finer steps
would save half of what is added (Padmé: an eighth), and have dozens of lengths where these have five.
"""

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
    """Return answers as JSON with blanks behind it, as long as when each of ``rooms`` is full: what was not answered
    takes its room too."""
    text = as_json(answers)
    full = sum(len(as_json({name: ""})) + size(len(as_json(answers.get(name, ""))) - 2, rooms[name]) for name in rooms)
    return (text + b" " * (full - len(text))).decode()


def as_json(value) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
