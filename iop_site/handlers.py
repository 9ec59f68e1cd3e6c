"""Django's request handler, hardened against a header that it would fail on."""

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters


class Request(WSGIRequest):
    """A request whose Content-Type may be nonsense: Django would fail on it before any middleware could answer.

    Nor does it say in which charset the query is read, as in Django, which would fail on that too: all is UTF-8 here.
    """

    def _set_content_type_params(self, meta):
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (ValueError, LookupError):
            self.content_type, self.content_params = "", {}


class Handler(WSGIHandler):
    request_class = Request
