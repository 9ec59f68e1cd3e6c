"""S9: the compressed bytes of a first visit to every page of guide and form: HTML, style sheets, headers; no fonts.

`python -m benchmarks.first_window`; exits 1 when a page is over 14,600 bytes.
"""

import re
import sys

from benchmarks import harness
from tests.proof.live import LiveSite

LIMIT = 14_600  # bytes: ten segments of 1,460, what a new connection may send before it must wait
STYLE_SHEET = re.compile(r'<link rel="stylesheet" href="([^"]+)"(?![^>]*media="print")')


def main():
    with LiveSite(LOG_LEVEL="WARNING") as site:
        url, sizes = f"http://127.0.0.1:{site.port}", {}
        rows = [weigh(url, path, sizes) for path in dict.fromkeys(site.guide_pages())]
    head = ["page", "HTML", "style sheets", "with headers", "of"]
    harness.table("First window, compressed bytes", head, sorted(rows, key=lambda row: -row[3]))
    worst = max(row[3] for row in rows)
    print(f"{len(rows)} pages; the largest needs {worst:,} of {LIMIT:,} bytes.")
    sys.exit(worst > LIMIT)


def weigh(url: str, path: str, sizes: dict[str, int]) -> list:
    html, headers, page, is_guide = get(url, path)
    sheets = 0
    for sheet in STYLE_SHEET.findall(page):
        if sheet not in sizes:
            sizes[sheet] = sum(get(url, sheet)[:2])
        sheets += sizes[sheet]
    return [path, html, sheets, html + headers + sheets, "the guide" if is_guide else "the form"]


def get(url: str, path: str) -> tuple[int, int, str, bool]:
    """Return the bytes of body and headers as sent to a browser that takes brotli, the text, and if it may be kept."""
    _status, headers, body = harness.fetch(url + path, **{"Accept-Encoding": "br"})
    size = harness.size_of(headers) + len("HTTP/1.1 200 OK\r\n\r\n")
    text = harness.fetch(url + path)[2].decode("utf-8", "replace")
    return len(body), size, text, headers.get("Cache-Control") != "no-store"


if __name__ == "__main__":
    main()
