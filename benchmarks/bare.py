"""The least that a WSGI server can do: one held body of 15 KB. What S1 is measured against."""

BODY = (b"<!doctype html><title>Bare</title>" + b"<p>words</p>" * 1300)[:15_000]
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(BODY)))]


def application(environ, start_response):
    start_response("200 OK", HEADERS)
    return [BODY]


application.follow_version = lambda: None  # nothing changes here
