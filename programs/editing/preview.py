"""The public page as a draft would make it, put together in memory: nothing is stored, nothing public can change."""

from django.db.models import prefetch_related_objects

from programs.models import GuidePage, Section, SiteProfile
from programs.models.drafts import own_values, values_by_part
from programs.page_content import ROWS_UNDER, SHORT_LISTS, attach_rows


def page_of(row, today) -> GuidePage | None:
    if isinstance(row, GuidePage):
        return GuidePage.objects.get(pk=row.pk)
    layouts = [
        layout for layout, listing in ROWS_UNDER.items() if listing.model is type(row) and layout not in SHORT_LISTS
    ]
    if row._meta.model_name == "siteprofile":
        layouts = [Section.Layout.CONTACT_WAYS]
    shown = Section.objects.filter(layout__in=layouts, page__is_published=True).select_related("page")
    section = shown.order_by("page__order").first()
    return section and section.page


def context(row, today) -> dict:
    page, draft, was_hidden = page_of(row, today), row.draft(), not row.is_published
    changes = draft.values if draft else {}
    parts = values_by_part(changes)
    prefetch_related_objects([page], "sections")
    sections = list(page.sections.all())
    if isinstance(row, GuidePage):
        page.apply(own_values(changes))
        page.render()
        sections = [section for section in sections if parts.get(section.key, {}).get("layout", "") is not None]
        for section in sections:
            section.apply(parts.get(section.key, {}))
            section.render()
    else:
        row.apply(own_values(changes))
        row.render()
    sections = sorted((s for s in sections if s.is_published), key=lambda section: section.order)
    page._prefetched_objects_cache["sections"] = sections
    attach_rows([page], lambda model: rows_with(row, was_hidden, model, today))
    extra = {"profile": row} if isinstance(row, SiteProfile) else {}
    return {"page": page, "draft": draft, **extra}


def rows_with(row, was_hidden, model, today) -> list:
    rows = [row if other == row else other for other in model.objects.visible(today)]
    if model is not type(row):
        return rows
    if was_hidden and row.is_published:
        rows = sorted([*rows, row], key=lambda other: (other.order, other.pk))
    return [other for other in rows if other.is_published]
