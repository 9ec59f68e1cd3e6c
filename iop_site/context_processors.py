"""What the frame of every public page needs: menu, links that texts may name, the same page in the other language."""

from django.conf import settings
from django.urls import resolve, reverse
from django.urls.exceptions import Resolver404
from django.utils import timezone, translation

from iop_site.middleware import is_desk
from programs.models import GuidePage, SiteProfile
from programs.models.pages import FIXED_PAGES

ASK_LINKS = {
    "ask:": "inquiries:ask",
    "ask:me": "inquiries:ask_me",
    "ask:loved-one": "inquiries:ask_loved_one",
    "ask:refer": "inquiries:ask_refer",
    "ask:question": "inquiries:ask_question",
}


def frame(request):
    """Return the frame's context: pages for menu and footer, links, alternates, and what is known of the center."""
    preview = getattr(request, "preview_paths", None)  # set where the desk shows a public page before it is published
    if is_desk(request.path_info) and preview is None:
        return {}
    today = timezone.localdate()
    pages = list(GuidePage.objects.visible(today))
    return {
        "pages": pages,
        "links": guide_links(pages) | {name: reverse(view) for name, view in ASK_LINKS.items()},
        "alternates": preview or alternates(request, pages),
        "profile": SiteProfile.objects.visible(today).first(),
        "site_url": str(settings.SITE_URL),
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


def alternates(request, pages) -> dict[str, str]:
    """Return this page's path in each language; where there is no such page, the home page of that language."""
    match = request.resolver_match or _match(request.path_info)
    return {language: _in_language(language, match, pages) for language, _name in settings.LANGUAGES}


def _match(path: str):
    try:
        return resolve(path)
    except Resolver404:
        return None


def _in_language(language: str, match, pages) -> str:
    here = translation.get_language()
    page = None
    if match and match.view_name == "programs:page":
        page = next((page for page in pages if getattr(page, f"slug_{here}") == match.kwargs["slug"]), None)
    with translation.override(language):
        if page and page.slug:
            return page_path(page)
        if match and match.view_name and match.view_name != "programs:page":
            return reverse(match.view_name)
        return reverse("programs:home")
