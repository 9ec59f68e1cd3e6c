"""Our own site without the memory of pages in front: every request goes through Django."""

from iop_site.handlers import Handler
from iop_site.wsgi import application as remembered


class Uncached:
    def __init__(self):
        self.handler = Handler()

    def __call__(self, environ, start_response):
        return self.handler(environ, start_response)

    def follow(self):
        """There is nothing to follow."""


application = Uncached()
assert remembered  # noqa: S101 - importing it set Django up and proved the keys
