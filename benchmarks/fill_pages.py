"""A guide of many plainly fictitious pages, in both languages.

`python -m benchmarks.fill_pages 1000` leaves that many pages shown in the prepared database that DATA_DIR or
DATABASE_URL names: shipped ones are hidden when there are more, fictitious ones are added when there are fewer.
"""

import os
import random
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iop_site.settings")
django.setup(set_prefix=False)

from django.db import transaction  # noqa: E402 - Django must be set up first, as below

from programs.models import ContentVersion, GuidePage, Section  # noqa: E402

SECTIONS, SENTENCES, WORDS = 6, 4, 12  # about as much text as a shipped page has
SYLLABLES = "ba co di fu ga lo ma ne pi ro sa ti vo ze".split()
LANGUAGES = {"en": "Fictitious page", "es": "Página ficticia"}


def text(chance: random.Random) -> str:
    """Return sentences of words that are none, some more frequent than others."""
    words = ["".join(chance.choices(SYLLABLES, k=chance.choice((2, 3, 3)))) for _ in range(SENTENCES * WORDS)]
    sentences = [" ".join(words[start : start + WORDS]) for start in range(0, len(words), WORDS)]
    return " ".join(f"{sentence.capitalize()}." for sentence in sentences)


def page(number: int, chance: random.Random) -> GuidePage:
    made = GuidePage(key=f"fictitious-{number}", order=1000 + number, sequence=1000 + number)
    for language, name in LANGUAGES.items():
        own = {"slug": f"fictitious-{number}", "title": f"{name} {number}", "menu_label": f"{name} {number}"}
        for field, value in (own | {"description": f"{name} {number}.", "answer": text(chance)}).items():
            setattr(made, f"{field}_{language}", value)
    made.render()
    return made


def section(page: GuidePage, place: int, chance: random.Random) -> Section:
    made = Section(key=f"{page.key}/part-{place}", page=page, order=place)
    for language in LANGUAGES:
        setattr(made, f"heading_{language}", text(chance).split(".")[0])
        setattr(made, f"body_{language}", text(chance))
    made.render()
    return made


def main(count: str):
    chance = random.Random(1)  # noqa: S311 - no secret
    with transaction.atomic():
        shown = GuidePage.objects.filter(is_published=True)
        missing = int(count) - shown.count()
        if missing < 0:
            last = shown.filter(kind=GuidePage.Kind.PAGE).order_by("-order").values_list("pk", flat=True)[:-missing]
            GuidePage.objects.filter(pk__in=list(last)).update(is_published=False)
        pages = GuidePage.objects.bulk_create([page(number, chance) for number in range(1, missing + 1)])
        Section.objects.bulk_create(
            [section(made, place, chance) for made in pages for place in range(SECTIONS)], batch_size=500
        )
        ContentVersion.objects.bump()
    print(f"{GuidePage.objects.filter(is_published=True).count()} pages", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
