"""What the chrome of every public page needs: menu, what texts may name, the same page in the other language."""

from django.conf import settings
from django.urls import resolve, reverse
from django.urls.exceptions import Resolver404
from django.utils import timezone

from iop_site.page_chrome import PageChrome, current, in_every_language, page_path
from iop_site.refusals import is_desk


def page_chrome(request):
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
