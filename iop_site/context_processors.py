"""What the chrome of every public page needs: menu, what texts may name, the same page in the other language."""

from django.conf import settings
from django.urls import resolve, reverse
from django.urls.exceptions import Resolver404
from django.utils import timezone, translation

from iop_site.page_chrome import PageChrome, current, page_path
from iop_site.refusals import is_desk


def page_chrome(request):
    """Return the chrome's context: pages for menu and footer, links, alternates, and what is known of the center."""
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
        "language_links": {language: home_path(language) for language, _name in settings.LANGUAGES} | twins,
        "profile": chrome.profile,
        "notices": chrome.notices,
        "rendered": chrome.rendered_on(request.path),
        "site_url": str(settings.SITE_URL),
    }


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
    if not match or not match.url_name:
        return ""  # an address without a name has none in another language
    here = translation.get_language()
    if match.view_name != "programs:page":
        with translation.override(language):
            return reverse(match.view_name)
    page = next((page for page in pages if getattr(page, f"slug_{here}") == match.kwargs["slug"]), None)
    with translation.override(language):
        return page_path(page) if page else ""
