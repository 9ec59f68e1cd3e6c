"""An odd query in an address of the desk is a visitor's slip: it raises no error and mails nobody."""

import logging

import pytest

from iop_site.staff import roles
from tests.factories import staff_in, stored_inquiry
from tests.iop_site.test_access_matrix import address, desk_names

pytestmark = pytest.mark.django_db
ENDS_THE_SESSION = {"logout", "sign_out_elsewhere"}
ODD = ["", "password", "99999999999999999999", "a__b__c=\u00e9"]
KNOWN = ("_popup", "_changelist_filters", "o", "p", "q", "e", "all", "_facets", "find", "page")
# Django refuses these before it looks at others.
QUERIES = [*({parameter: odd for parameter in KNOWN} for odd in ODD), {"_to_field": "password"}, {"o": "x", "p": "x"}]


@pytest.mark.long
def test_no_odd_query_logs_an_error_at_any_address(client, guide, caplog):
    stored_inquiry()
    client.force_login(staff_in(roles.SUPERVISOR, is_superuser=True))
    client.raise_request_exception = False
    bad = set()
    for name in sorted(set(desk_names()) - ENDS_THE_SESSION):
        for query in QUERIES:
            caplog.clear()
            answer = client.get(address(name), query)
            if answer.status_code >= 500 or any(record.levelno >= logging.ERROR for record in caplog.records):
                bad.add((name, tuple(query), next(iter(query.values()))))
    assert bad == set()
