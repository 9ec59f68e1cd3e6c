"""What surrounds every public page, kept in the process as text: docs/decisions/0014-rendered-chrome.md."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import resolve, reverse
from django.urls.exceptions import Resolver404
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from iop_site.refusals import is_desk
from programs.models import ContentVersion, GuidePage, Notice, SiteProfile
from programs.models.pages import FIXED_PAGES

ASK_LINKS = {
    "ask:": "inquiries:ask",
    "ask:me": "inquiries:ask_me",
    "ask:loved-one": "inquiries:ask_loved_one",
    "ask:refer": "inquiries:ask_refer",
    "ask:question": "inquiries:ask_question",
    "ask:status": "inquiries:status",
}
RENDERED = {"menu": "includes/_menu.html", "footer": "includes/_footer.html"}
# How includes/_page_link.html begins a link to another page, and how one to the page it stands on.
LINK, LINK_TO_THIS_PAGE = '<a href="{}" >', '<a href="{}" aria-current="page">'

_current: dict[str, tuple[tuple[int, date], "PageChrome"]] = {}


@dataclass(frozen=True)
class PageChrome:
    """The chrome of all pages in one language. Threads share it: nobody may change what it holds."""

    pages: list[GuidePage]
    links: dict[str, str]
    profile: SiteProfile | None
    notices: dict[str, Notice]
    rendered: dict[str, SafeString]  # HTML in which no link is marked as the page one is on

    @classmethod
    def read(cls, today: date, *, is_rendered: bool) -> "PageChrome":
        pages = list(GuidePage.objects.visible(today))
        links = {f"page:{page.key}": path for page in pages if (path := page_path(page))}
        links |= {name: reverse(view) for name, view in ASK_LINKS.items()}
        profile = SiteProfile.objects.visible(today).first()
        shown = {"pages": pages, "links": links, "profile": profile, "notices": notices(today)}
        parts = RENDERED if is_rendered else {}
        rendered = {name: render_to_string(template, {**shown, "request": None}) for name, template in parts.items()}
        return cls(**shown, rendered=rendered)

    def rendered_on(self, path: str) -> dict[str, SafeString]:
        elsewhere, here = LINK.format(escape(path)), LINK_TO_THIS_PAGE.format(escape(path))
        return {name: mark_safe(html.replace(elsewhere, here)) for name, html in self.rendered.items()}  # noqa: S308


def current(today: date) -> PageChrome:
    """The version is read before the chrome: a change in between is found by the next request."""
    language = translation.get_language()
    wanted = (ContentVersion.objects.current(), today)
    key, chrome = _current.get(language, (None, None))
    if key != wanted:
        # Two threads may both come here; they make the same, and the later one's stays.
        chrome = PageChrome.read(today, is_rendered=True)
        _current[language] = (wanted, chrome)
    return chrome


def forget():
    _current.clear()


def notices(today: date) -> dict[str, Notice]:
    """That of language help is for readers of the other language."""
    here = translation.get_language()
    return {
        notice.place.replace("-", "_"): notice
        for notice in Notice.objects.visible(today)
        if notice.place == Notice.Place.LANGUAGE_HELP or notice.has_text_in(here)
    }


def page_path(page: GuidePage) -> str:
    """Return the path in the language in force; empty when the page has no address there."""
    if page.kind == GuidePage.Kind.HOME:
        return reverse("programs:home")
    if page.kind == GuidePage.Kind.STATEMENT:
        return reverse(f"programs:{page.key}") if page.key in FIXED_PAGES else ""
    return reverse("programs:page", args=[page.slug]) if page.slug else ""


def in_every_language(find_path) -> dict:
    paths = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            paths[language] = find_path()
    return {language: path for language, path in paths.items() if path}


def context(request):
    preview = getattr(request, "preview_paths", None)  # set where the desk shows a public page before it is published
    if is_desk(request.path_info) and preview is None:
        return {}
    today = timezone.localdate()
    # A preview may name the center as nobody else sees it yet: its menus are rendered with it, and kept nowhere.
    chrome = current(today) if preview is None else PageChrome.read(today, is_rendered=False)
    twins = preview or alternates(request, chrome.pages)
    return {
        "pages": chrome.pages,
        "links": chrome.links,
        "alternates": twins,
        "language_links": in_every_language(lambda: reverse("programs:home")) | twins,
        "profile": chrome.profile,
        "notices": chrome.notices,
        "rendered": chrome.rendered_on(request.path),
        "site_url": str(settings.SITE_URL),
    }


def alternates(request, pages) -> dict[str, str]:
    try:
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return {}
    if match.view_name == "programs:page":
        page = next((page for page in pages if page.slug == match.kwargs["slug"]), None)
        return in_every_language(lambda: page_path(page)) if page else {}
    return in_every_language(lambda: reverse(match.view_name)) if match.url_name else {}
