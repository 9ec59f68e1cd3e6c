import re
from operator import attrgetter

from django import template
from django.template.loader import TemplateDoesNotExist, get_template
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from programs import structured_data
from programs.markup import with_numbers

register = template.Library()
_LINK = re.compile(r'<a href="((?:page|ask):[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_HEADING = re.compile(r"(</?h)([23])\b")
FORM_NAMES = {
    "ask:me": pgettext_lazy("button", "Ask us to contact you"),
    "ask:loved-one": _("Get help for a family member or friend"),
    "ask:refer": _("Refer a client or patient"),
    "ask:question": _("Ask a question"),
}
_PLACE = attrgetter("sequence", "pk")
_FORM = re.compile(r'href="(ask:(?:me|loved-one|refer|question))"')


@register.simple_tag(takes_context=True)
def guide_text(context, html: str | None) -> str:
    """Lead ``page:`` and ``ask:`` links of what ``markup`` made safe to where they are now; a dead one becomes text."""
    links = context.get("links", {})

    def resolve(match):
        path = links.get(match[1])
        return f'<a href="{path}">{match[2]}</a>' if path else match[2]

    return mark_safe(_LINK.sub(resolve, with_numbers(html or "")))  # noqa: S308


@register.simple_tag(takes_context=True)
def guide_path(context, key: str) -> str:
    return context.get("links", {}).get(f"page:{key}", "")


@register.filter
def some_reachable(facilities) -> bool:
    """Whether the page has more to say of any of them than its name."""
    return any(facility.body_html or facility.verified_on for facility in facilities)


@register.filter(is_safe=True)
def one_level_down(html: str) -> str:
    """Turn the headings of a page into those of a chapter: h2 to h3, h3 to h4."""
    return _HEADING.sub(lambda found: f"{found[1]}{int(found[2]) + 1}", html)


@register.simple_tag
def scene(page) -> str:
    """Return the drawing that ships for a page; none for a page that staff made."""
    try:
        return get_template(f"programs/scenes/_{page.key}.html").render()
    except TemplateDoesNotExist:
        return ""


@register.simple_tag(takes_context=True)
def neighbours(context, page) -> dict:
    """Return the pages before and after ``page`` in the reading order, then those that people read next: two in all."""
    pages = [item for item in context["pages"] if item.sequence and page.sequence]
    previous = max((item for item in pages if item.sequence < page.sequence), key=_PLACE, default=None)
    following = [min((item for item in pages if item.sequence > page.sequence), key=_PLACE, default=None)]
    by_key = {item.key: item for item in context["pages"]}
    following += [by_key.get(key) for key in page.read_next.split()]
    shown = [item for item in following if item and item.title and guide_path(context, item.key)]
    return {"previous": previous, "next": shown[: 1 if previous else 2]}


@register.simple_tag(takes_context=True)
def form_path(context, html: str | None) -> str:
    """Return the address of the form that a stored text names first; of the choice between them when it names none."""
    named = _FORM.search(html or "")
    return context.get("links", {}).get(named[1] if named else "ask:", "")


@register.simple_tag
def form_name(html: str | None) -> str:
    """Return the name of the form that ``form_path`` leads to: the heading that stands on it."""
    named = _FORM.search(html or "")
    return FORM_NAMES[named[1] if named else "ask:me"]


@register.simple_tag(takes_context=True)
def canonical_path(context) -> str:
    """Return the one address that this page counts under: an English text at a Spanish address counts as English."""
    request, page = context["request"], context.get("page")
    is_elsewhere = page and page.content_language != request.LANGUAGE_CODE
    return is_elsewhere and context["alternates"].get(page.content_language) or request.path


@register.simple_tag(takes_context=True)
def page_data(context) -> str:
    page, site_url = context["page"], context["site_url"]
    with translation.override(page.content_language):
        home = next((item.menu_label for item in context["pages"] if item.kind == item.Kind.HOME), "Dedicato")
        data = structured_data.of_page(
            page,
            site_url=site_url,
            url=site_url + canonical_path(context),
            home_url=site_url + reverse("programs:home"),
            home_name=home,
            search_url=site_url + reverse("programs:search"),
            profile=context["profile"],
        )
    return mark_safe(structured_data.to_json(data))  # noqa: S308 - escaped there
