"""A page cache before an application that counts what it is asked."""

import math

from django.test import RequestFactory

from iop_site.page_cache import PageCache

HOST = "guide.example"


class Site:
    def __init__(self, application=None, host=HOST, scheme="http", first_paths=()):
        self.asked = []
        self.version = 1
        self.host = host
        self.application = application or self.plain
        self.cache = PageCache(
            self.count,
            hosts=[host],
            scheme=scheme,
            is_proxy_trusted=True,
            uncached_prefix="/static/",
            read_version=lambda: self.version,
            first_paths=lambda: first_paths,
        )
        self.headers = [("Cache-Control", "public, s-maxage=60"), ("Content-Type", "text/html"), ("X-Request-ID", "1")]
        self.status = "200 OK"
        self.renew()

    def renew(self):
        self.cache.adopt_version(self.version)
        self.cache.render_planned(until=math.inf)
        self.asked.clear()

    def count(self, environ, start_response):
        self.asked.append(environ)
        return self.application(environ, start_response)

    def plain(self, environ, start_response):
        start_response(self.status, self.headers)
        body = (
            f"{environ['PATH_INFO']} in version {self.version}, said {environ.get('HTTP_ACCEPT_LANGUAGE')}" + 200 * "."
        )
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body.encode()]

    def get(self, path="/page/", method="get", **headers):
        headers = {"HTTP_HOST": self.host, **headers}
        environ = getattr(RequestFactory(), method)(path, **headers).environ
        environ.pop("HTTP_COOKIE", None)
        if "cookie" in headers:
            environ["HTTP_COOKIE"] = headers["cookie"]
        answer = {}

        def start_response(status, headers, exc_info=None):
            answer["status"], answer["headers"] = status, dict(headers)

        body = b"".join(self.cache(environ, start_response))
        return answer["status"], answer["headers"], body
