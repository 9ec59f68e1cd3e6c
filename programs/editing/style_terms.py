import re
import tomllib
from pathlib import Path

AVOIDED = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_patterns = {
    language: [(re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE), instead) for words, instead in entries.items()]
    for language, entries in AVOIDED.items()
}


def avoided(text: str, language: str) -> list[tuple[str, str]]:
    """Return each word of ``text`` to avoid, as it is written there, with what to say instead; each once, in order."""
    found = [(match, instead) for pattern, instead in _patterns[language] for match in pattern.finditer(text)]
    found.sort(key=lambda entry: entry[0].start())
    return list({match[0].lower(): (match[0], instead) for match, instead in reversed(found)}.values())[::-1]
