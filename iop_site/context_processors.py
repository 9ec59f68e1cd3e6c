"""What the frame of every public page needs: menu, what texts may name, the same page in the other language."""

from django.conf import settings
from django.urls import resolve, reverse
from django.urls.exceptions import Resolver404
from django.utils import timezone, translation

from iop_site.middleware import is_desk
from programs.models import GuidePage, Notice, SiteProfile
from programs.models.pages import FIXED_PAGES

ASK_LINKS = {
    "ask:": "inquiries:ask",
    "ask:me": "inquiries:ask_me",
    "ask:loved-one": "inquiries:ask_loved_one",
    "ask:refer": "inquiries:ask_refer",
    "ask:question": "inquiries:ask_question",
    "ask:status": "inquiries:status",
}


def frame(request):
    """Return the frame's context: pages for menu and footer, links, alternates, and what is known of the center."""
    preview = getattr(request, "preview_paths", None)  # set where the desk shows a public page before it is published
    if is_desk(request.path_info) and preview is None:
        return {}
    today = timezone.localdate()
    pages = list(GuidePage.objects.visible(today))
    told = preview or alternates(request, pages)
    return {
        "pages": pages,
        "links": guide_links(pages) | {name: reverse(view) for name, view in ASK_LINKS.items()},
        "alternates": told,
        "language_links": {language: home_path(language) for language, _name in settings.LANGUAGES} | told,
        "profile": SiteProfile.objects.visible(today).first(),
        "notices": notices(today),
        "site_url": str(settings.SITE_URL),
    }


def notices(today) -> dict[str, Notice]:
    """Return the notices that staff entered, by place. The one of language help is for whoever reads the other."""
    here = translation.get_language()
    return {
        notice.place.replace("-", "_"): notice
        for notice in Notice.objects.visible(today)
        if notice.place == Notice.Place.LANGUAGE_HELP or notice.is_told_in(here)
    }


def guide_links(pages) -> dict[str, str]:
    """Return the address of each page in the language in force, by the name that texts link it with."""
    return {f"page:{page.key}": path for page in pages if (path := page_path(page))}


def page_path(page: GuidePage) -> str:
    """Return the path of a page in the language in force; empty when it has no address there."""
    if page.kind == GuidePage.Kind.HOME:
        return reverse("programs:home")
    if page.kind == GuidePage.Kind.STATEMENT:
        return reverse(f"programs:{page.key}") if page.key in FIXED_PAGES else ""
    return reverse("programs:page", args=[page.slug]) if page.slug else ""


def home_path(language: str) -> str:
    """Return the path of the home page, to which a language link leads where the page has no twin."""
    with translation.override(language):
        return reverse("programs:home")


def alternates(request, pages) -> dict[str, str]:
    """Return this page's path in each language that it has an address in; nothing for a page that is none."""
    match = request.resolver_match or _match(request.path_info)
    paths = {language: _in_language(language, match, pages) for language, _name in settings.LANGUAGES}
    return {language: path for language, path in paths.items() if path}


def _match(path: str):
    try:
        return resolve(path)
    except Resolver404:
        return None


def _in_language(language: str, match, pages) -> str:
    if not match or not match.view_name:
        return ""
    here = translation.get_language()
    if match.view_name != "programs:page":
        with translation.override(language):
            return reverse(match.view_name)
    page = next((page for page in pages if getattr(page, f"slug_{here}") == match.kwargs["slug"]), None)
    with translation.override(language):
        return page_path(page) if page else ""
