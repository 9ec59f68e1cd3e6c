import gzip
import io
import logging
import secrets
from functools import partial

import brotli
from django.conf import settings
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_path

from inquiries.intake import requests
from iop_site.ops.log_format import request_id, request_path
from iop_site.page_cache import encoding_for
from iop_site.refusals import DATABASE_AWAY, Middleware, database_away, is_desk, refusal
from iop_site.security_headers import SECURITY_HEADERS

logger = logging.getLogger(__name__)

COMPRESS = {"br": partial(brotli.compress, quality=5), "gzip": partial(gzip.compress, compresslevel=6, mtime=0)}
METHODS = ("GET", "HEAD", "POST")
FORM_CONTENT_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


class RequestIdMiddleware(Middleware):
    def __call__(self, request):
        token = request_id.set(secrets.token_hex(8))
        path = request_path.set(request.path_info)
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id.get()
            return response
        finally:
            request_path.reset(path)
            request_id.reset(token)


class SecurityHeadersMiddleware(Middleware):
    def __call__(self, request):
        response = self.get_response(request)
        for name, value in SECURITY_HEADERS.items():
            response.setdefault(name, value)
        if is_desk(request.path_info):
            response["Cache-Control"] = "no-store"
        return response


class RequestMethodMiddleware(Middleware):
    """The desk would answer OPTIONS or TRACE like GET, but record the look at an inquiry for a GET alone."""

    def __call__(self, request):
        if request.method not in METHODS:
            return refusal("400.html", 405, Allow=", ".join(METHODS))
        return self.get_response(request)


class HiddenOriginMiddleware(Middleware):
    """Browsers without referrer send ``Origin: null`` with our own forms too; no script can set ``Sec-Fetch-Site``."""

    def __call__(self, request):
        meta = request.META
        if meta.get("HTTP_ORIGIN") == "null" and meta.get("HTTP_SEC_FETCH_SITE") == "same-origin":
            meta["HTTP_ORIGIN"] = f"{request.scheme}://{request.get_host()}"
        return self.get_response(request)


class RequestBodyMiddleware(Middleware):
    """Django answers a foreign charset with a 500, takes a chunked body for an empty one, a cut one for a whole."""

    def __call__(self, request):
        if request.method == "POST" and not self.is_readable(request):
            return refusal("400.html", 415)
        if "%00" in request.META.get("QUERY_STRING", "") and is_desk(request.path_info):
            return refusal("400.html", 400)  # PostgreSQL refuses a NUL, and no list of the desk expects one
        if request.method == "POST" and not has_whole_body(request):
            return refusal("400.html", 400)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        # The forms of the public site, which Django does not look into, have a page of their own for it.
        if requests.is_too_large(request) and not getattr(view, "csrf_exempt", False):
            return refusal("413.html", 413)
        typed = request.POST.lists() if request.method == "POST" and is_desk(request.path_info) else ()
        if any("\0" in value for _name, values in typed for value in values):
            return refusal("400.html", 400)  # PostgreSQL refuses a NUL, and no keyboard types one
        return None

    @staticmethod
    def is_readable(request) -> bool:
        charset = request.content_params.get("charset", "utf-8").strip("\"' ").lower()
        unknown = [name for name in request.content_params if name not in ("charset", "boundary")]
        return request.content_type in FORM_CONTENT_TYPES and charset in ("utf-8", "utf8") and not unknown


def has_whole_body(request) -> bool:
    """A chunked body (``wsgi.input_terminated``) is read as far as a form may go, and given a length to judge it by."""
    meta = request.META
    is_chunked = not meta.get("CONTENT_LENGTH") and meta.get("wsgi.input_terminated", False)
    if requests.is_too_large(request):
        return True
    try:
        if is_chunked:
            body = meta["wsgi.input"].read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
            meta["CONTENT_LENGTH"], request._stream = str(len(body)), io.BytesIO(body)
            return True
        return len(request.body) == int(meta.get("CONTENT_LENGTH") or 0)
    except Exception as error:  # each web server has errors of its own for a broken body
        logger.warning("the body of a request is broken: %s", type(error).__name__)
        return False


class DatabaseAwayMiddleware(Middleware):
    def process_exception(self, request, exception):
        return database_away(exception) if isinstance(exception, DATABASE_AWAY) else None


class LanguageFromPathMiddleware(Middleware):
    """Django's LocaleMiddleware would mark every English page as varying by Accept-Language."""

    def __call__(self, request):
        language = get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


class CompressedFormMiddleware(Middleware):
    """Pages of the form before anything was typed: docs/decisions/0004-a-form-without-cookies.md. The guide's pages are
    compressed where they are kept, and nothing else may be: what is typed comes back beside a token."""

    def __call__(self, request):
        response = self.get_response(request)
        is_plain = request.method in ("GET", "HEAD") and not request.META.get("QUERY_STRING")
        view = request.resolver_match
        if is_plain and view and view.app_name == "inquiries" and response.status_code == 200:
            self.compress(response, encoding_for(request.headers.get("Accept-Encoding", "")))
        return response

    @staticmethod
    def compress(response, encoding: str):
        patch_vary_headers(response, ["Accept-Encoding"])
        if encoding:
            response.content = COMPRESS[encoding](response.content)
            response["Content-Encoding"] = encoding
            response["Content-Length"] = str(len(response.content))


class CookielessPublicSiteMiddleware(Middleware):
    """Outside the desk no cookie is read, so none is set, and no page can differ by who looks at it."""

    def __call__(self, request):
        # PostgreSQL refuses a NUL, which a forged cookie can carry.
        cookies = request.COOKIES.items() if is_desk(request.path_info) else ()
        request.COOKIES = {name: value for name, value in cookies if value.isprintable()}
        return self.get_response(request)
