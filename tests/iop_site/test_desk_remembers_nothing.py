"""What staff type about a person stays in no browser: no field of the desk for it is filled in again by itself."""

import pytest

from iop_site.staff import roles
from tests.factories import staff_in, stored_inquiry
from tests.inquiries.form_pages import Page
from tests.iop_site.test_access_matrix import address, desk_names

pytestmark = pytest.mark.django_db
# Words for everybody: the texts of templates, and what a closed day is called.
OF_NOBODY = ("inquiries_messagetemplate_", "inquiries_closedday_")
ENDS_THE_SESSION = {"logout", "sign_out_elsewhere"}
TYPED_IN = ("text", "search", "tel", "email", "")


def typed_in(response, is_about_people: bool):
    """The fields for words; on pages of the guide and of accounts the boxes for finding alone."""
    page = Page(response)
    fields = [field for field in page.all("input") if field.get("type", "") in TYPED_IN]
    fields += page.all("textarea") if is_about_people else []
    return [field for field in fields if is_about_people or field.get("name") == "q"]


@pytest.mark.long
def test_no_field_for_words_about_people_is_remembered(client, guide):
    stored_inquiry()
    client.force_login(staff_in(roles.SUPERVISOR, is_superuser=True))
    remembered, seen = set(), 0
    for name in sorted(set(desk_names()) - ENDS_THE_SESSION):
        answer = client.get(address(name))
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        fields = typed_in(answer, name.startswith("inquiries_") and not name.startswith(OF_NOBODY))
        seen += len(fields)
        remembered |= {f"{name}: {field.get('name')}" for field in fields if field.get("autocomplete") != "off"}
    assert seen > 30 and remembered == set()
