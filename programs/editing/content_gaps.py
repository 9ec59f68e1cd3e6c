from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from programs import contact_links
from programs.bundled_guide import LISTINGS
from programs.models import (
    CommonQuestion,
    Credential,
    CrisisLine,
    Facility,
    GuidePage,
    Notice,
    Section,
    ServiceArea,
    SiteProfile,
)

PROFILE_FACTS = {
    "phone": _("The contact page shows the number, as a link that calls it."),
    "email": _("The contact page shows the address, as a link that writes to it."),
    "address": _("The contact page shows where the center is."),
    "hours": _("The contact page shows the hours, beside a phone, an email or an address."),
    "insurers": _("The contact page names them, beside a phone, an email or an address."),
    "response_time": _("Whoever sends the form reads it on the last page. Only if always kept."),
}
NOTICE_EFFECTS = {
    Notice.Place.CERTIFICATION: _("It stands at the foot of every page and on the accreditation page."),
    Notice.Place.PROBATION_CHECK: _("It stands at the foot of every page, on the accreditation page, and on the form."),
    Notice.Place.LANGUAGE_HELP: _("It stands at the foot of every page, in both languages."),
    Notice.Place.EQUAL_TREATMENT: _("It stands at the foot of every page."),
    Notice.Place.HEALTH_PRIVACY: _("It stands at the end of the privacy page. Your counsel writes it."),
}


@dataclass
class Gap:
    fact: str
    effect: str
    links: list[tuple[str, str]]  # the name and the address of each page of the desk that fills it


def all_gaps() -> dict[str, list[Gap]]:
    checked = {
        _("Needs a clinician’s check"): clinical_gaps(),
        _("About the center"): [
            *profile_gaps(),
            Gap(
                _("areas served"),
                _("The contact page gets a section about the areas."),
                [] if ServiceArea.objects.exists() else [add(ServiceArea)],
            ),
        ],
        _("Common questions"): question_gaps(),
        _("Programs in Duarte"): facility_gaps(),
        _("Crisis lines"): unusable_gaps(CrisisLine.objects.all()),
        _("Credentials"): credential_gaps(),
        _("Notices of the law"): notice_gaps(),
        _("Reviews"): [
            gap_in(
                GuidePage.objects.filter(Q(reviewed_on=None) | Q(reviewed_by="")),
                _("who reviewed the page, and when"),
                _("The page shows the day of its last review and the name."),
            )
        ],
        _("Spanish"): spanish_gaps(),
    }
    found = {heading: [gap for gap in gaps if gap.links] for heading, gaps in checked.items()}
    return {heading: gaps for heading, gaps in found.items() if gaps}


def change(row) -> tuple[str, str]:
    return str(row), reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])


def add(model, **values) -> tuple[str, str]:
    return _("Enter it"), reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_add", query=values)


def gap_in(rows, fact, effect) -> Gap:
    return Gap(fact, effect, [change(row) for row in rows])


def profile_gaps() -> list[Gap]:
    profile = SiteProfile.objects.first()
    link = change(profile) if profile else add(SiteProfile)
    endings = [f"_{language}" for language, _name in settings.LANGUAGES]
    unknown = [
        Gap(SiteProfile._meta.get_field(name).verbose_name, effect, [link])
        for name, effect in PROFILE_FACTS.items()
        if not any(getattr(profile, name + ending, "") for ending in ("", *endings))
    ]
    return [*unknown, *unusable_gaps([profile] if profile else [])]


def unusable_gaps(rows) -> list[Gap]:
    numbers = {row: [getattr(row, name) for name in getattr(row, "NUMBERS", ("phone",))] for row in rows}
    uncalled = [row for row in rows if any(number and not contact_links.tel(number) for number in numbers[row])]
    unwritten = [row for row in rows if getattr(row, "email", "") and not contact_links.mailto(row.email)]
    return [
        gap_in(uncalled, _("a number that can be called"), _("It becomes a link that calls it.")),
        gap_in(unwritten, _("an address that can be written to"), _("It becomes a link that writes to it.")),
    ]


def clinical_gaps() -> list[Gap]:
    """Return what is told about danger and care that no clinician has read and signed, with name and day."""
    unsigned = Section.objects.filter(is_clinical=True, is_published=True).filter(Q(checked_on=None) | Q(checked_by=""))
    return [
        Gap(
            _("a clinician who read these words and signed them, with name and day"),
            _("Readers see them already. A name and a day under “Clinician’s check” take the section off this list."),
            [
                (f"{section.page.title}: {section.heading}", change(section.page)[1])
                for section in unsigned.select_related("page")
            ],
        )
    ]


def question_gaps() -> list[Gap]:
    """Return the questions that only the center can answer, and has not."""
    open_ones = CommonQuestion.objects.exclude(until_known_en__in=["", None]).filter(
        Q(own_answer_en="") | Q(own_answer_en=None)
    )
    return [
        gap_in(
            open_ones,
            _("answer of the center"),
            _("It stands on the page “Common questions”, where now readers are told to ask."),
        )
    ]


def facility_gaps() -> list[Gap]:
    unknown = gap_in(
        Facility.objects.filter(Q(verified_on=None) | Q(phone="", website="")),
        _("phone or website, and the day it was checked"),
        _("Its card shows how to reach it, with the day of the check."),
    )
    return [unknown, *unusable_gaps(Facility.objects.all())]


def credential_gaps() -> list[Gap]:
    credentials = Credential.objects.exclude(number="")
    return [
        gap_in(
            credentials.filter(checked_on=None),
            _("a check, with its day and who did it"),
            _("“Checked on” and the day stand with the credential."),
        ),
        gap_in(
            credentials.filter(expires_on=None),
            _("last day"),
            _("“Valid until” stands with it; you are told 60 days ahead; the day after, it is gone from the site."),
        ),
        gap_in(
            credentials.filter(check_url=""),
            _("public page to check it"),
            _("Readers can check the credential by a link."),
        ),
    ]


def unready_credentials() -> list[tuple[str, str]]:
    """Return the credentials on the site that nobody can check yet."""
    return [change(row) for row in Credential.objects.filter(is_published=True) if not row.is_ready]


def notice_gaps() -> list[Gap]:
    there = {notice.place for notice in Notice.objects.all()}
    return [
        Gap(place.label, NOTICE_EFFECTS[place], [add(Notice, place=place.value)])
        for place in Notice.Place
        if place not in there
    ]


def spanish_gaps() -> list[Gap]:
    pages = GuidePage.objects.prefetch_related("sections")
    rows = [row for model in [*LISTINGS.values(), Notice] for row in model.objects.all()]
    return [
        gap_in(
            [page for page in pages if not page.has_text_in("es")],
            _("the Spanish of a page"),
            _("The page is shown in Spanish; until then it is shown in English, with a note."),
        ),
        gap_in(
            [row for row in rows if lacks_spanish(row)],
            _("the Spanish of a row in a list"),
            _("The row is shown on Spanish pages."),
        ),
    ]


def lacks_spanish(row) -> bool:
    """Whether a row has words in English that Spanish lacks. A name that is the same in both is in both languages."""
    is_translated = hasattr(row, f"{row.heading_field}_es")
    return is_translated and row.has_text_in("en") and not row.has_text_in("es")
