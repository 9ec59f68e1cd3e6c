"""S9: the compressed bytes of a first visit to every guide page: HTML, style sheets and headers, fonts apart.

`python -m benchmarks.first_window`; exits 1 when a guide page is over 14,600 bytes. The pages of the form are listed
too, but not judged: they may not be kept and are sent as they are, since what is typed comes back in them.
"""

import re
import sys

from benchmarks import harness
from benchmarks.harness import Server

LIMIT = 14_600  # bytes: ten segments of 1,460, what a new connection may send before it must wait
GUIDE = "the guide"
LOCATION = re.compile(r"<loc>https?://[^/]+(/[^<]*)</loc>")
STYLE_SHEET = re.compile(r'<link rel="stylesheet" href="([^"]+)"(?![^>]*media="print")')


def main():
    with harness.prepared() as environment, Server("ours", harness.SITE, environment) as server:
        paths = LOCATION.findall(harness.fetch(f"{server.url}/sitemap.xml")[2].decode())
        sizes = {}
        rows = sorted((weigh(server, path, sizes) for path in dict.fromkeys(paths)), key=lambda row: -row[3])
        harness.table("First window, compressed bytes", ["page", "HTML", "style sheets", "with headers", "of"], rows)
        worst = max(row[3] for row in rows if row[4] == GUIDE)
        print(f"{len(rows)} pages; the largest of the guide needs {worst:,} of {LIMIT:,} bytes.")
        sys.exit(worst > LIMIT)


def weigh(server: Server, path: str, sizes: dict[str, int]) -> list:
    html, headers, page, is_guide = get(server, path)
    sheets = 0
    for sheet in STYLE_SHEET.findall(page):
        if sheet not in sizes:
            sizes[sheet] = sum(get(server, sheet)[:2])
        sheets += sizes[sheet]
    return [path, html, sheets, html + headers + sheets, GUIDE if is_guide else "the form"]


def get(server: Server, path: str) -> tuple[int, int, str, bool]:
    """Return the bytes of body and headers as sent to a browser that takes brotli, the text, and if it may be kept."""
    _status, headers, body = harness.fetch(server.url + path, **{"Accept-Encoding": "br"})
    size = harness.size_of(headers) + len("HTTP/1.1 200 OK\r\n\r\n")
    text = harness.fetch(server.url + path)[2].decode("utf-8", "replace")
    return len(body), size, text, headers.get("Cache-Control") != "no-store"


if __name__ == "__main__":
    main()
