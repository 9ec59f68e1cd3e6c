"""What staff look for: typed into a POST, kept sealed in their session, named in the address by a token. It can be a
person's name, and an address stands in the history, in the logs of a proxy, in the row of a session."""

import secrets
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from inquiries.crypto import keyring
from inquiries.crypto.keyring import SealError
from inquiries.models.search import LONGEST

TYPED = "q"  # the field in which it is typed; an address that holds it is an old one
NAMED = "find"  # the parameter that holds the token
PAGES = ("page", "p")  # a new search starts on the first one
FILTERS_BEFORE = "_changelist_filters"  # the query of the list that a stock page came from
SESSION_KEY = "searches"
MOST_KEPT = 20  # in one session; the oldest goes first
TOKEN_BYTES = 6  # it opens nothing: only the session that made it knows what it names


def keep(request, text: str) -> str:
    text = text[:LONGEST]
    kept = request.session.get(SESSION_KEY, {})
    token = next((token for token in kept if kept_text(request, token) == text), secrets.token_urlsafe(TOKEN_BYTES))
    others = [(other, sealed) for other, sealed in kept.items() if other != token][1 - MOST_KEPT :]
    sealed = keyring.current().seal(text, _place(request, token))
    request.session[SESSION_KEY] = {**dict(others), token: sealed}
    return token


def kept_text(request, token: str) -> str | None:
    sealed = request.session.get(SESSION_KEY, {}).get(token)
    try:
        return keyring.current().open(sealed, _place(request, token)) if sealed else None
    except SealError:
        return None


def _place(request, token: str) -> str:
    return f"search|{request.user.pk}|{token}"


def without_text(address: str) -> str:
    """Old links and bookmarks hold what was typed."""
    page, _mark, query = address.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [pair for pair in pairs if pair[0] != TYPED and not _holds_text(*pair)]
    if kept == pairs:
        return address
    return f"{page}?{urlencode(kept)}" if kept else page


def _holds_text(name: str, value: str) -> bool:
    return name == FILTERS_BEFORE and any(inner == TYPED for inner, _value in parse_qsl(value))


class FoundByPost:
    """``request.looked_for`` is what the list is asked for."""

    list_parameters: tuple[str, ...] = (NAMED,)

    def get_urls(self):
        find = path("find/", self.admin_site.admin_view(self.find_view), name=self._name("find"))
        return [find, *super().get_urls()]

    def get_changelist(self, request, **kwargs):
        return FoundList

    def _name(self, view: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{view}"

    def find_view(self, request):
        """A GET comes from a sign-in that stood between."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return self._to_list(request, request.POST if request.method == "POST" else request.carried)

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        token = request.GET.get(NAMED, "")
        text = kept_text(request, token) if token else ""
        if request.method != "POST" and TYPED in request.GET:
            return self._to_list(request, request.GET)
        if request.method != "POST" and text is None:
            messages.warning(request, _("This search has ended. Type again what you look for."))
            return self._to_list(request, request.GET)
        request.looked_for = text or ""
        return super().changelist_view(request, extra_context)

    def _to_list(self, request, asked):
        dropped = ("csrfmiddlewaretoken", TYPED, NAMED, *PAGES)
        query = {name: value for name, value in asked.items() if value and name not in dropped}
        if text := asked.get(TYPED, "").strip():
            query[NAMED] = keep(request, text)
        address = reverse(f"admin:{self._name('changelist')}")
        return HttpResponseRedirect(f"{address}?{urlencode(query)}" if query else address)


class FoundList(ChangeList):
    """Links of stock's list keep the token as they keep any filter."""

    def get_filters_params(self, params=None):
        return {name: value for name, value in super().get_filters_params(params).items() if name != NAMED}

    def get_queryset(self, request, exclude_parameters=None):
        self.query = request.looked_for
        return super().get_queryset(request, exclude_parameters)
