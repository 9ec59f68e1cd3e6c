"""“Leave this site” leads away at once and forgets what it can."""

import pytest


@pytest.mark.parametrize("path", ["/leave/", "/es/salir/"])
def test_it_leads_to_the_page_that_is_set(client, settings, path):
    settings.LEAVE_URL = "https://dull.example/"
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (303, "https://dull.example/")
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "no-store"


def test_a_visit_of_a_person_clears_the_cookies_of_this_site(client):
    response = client.get("/leave/", HTTP_SEC_FETCH_MODE="navigate", HTTP_SEC_FETCH_DEST="document")
    assert response["Clear-Site-Data"] == '"cookies"'  # not storage, where a tab keeps that it has left


@pytest.mark.parametrize(("mode", "dest"), [("no-cors", "image"), ("navigate", "iframe"), ("", "")])
def test_a_picture_or_frame_of_another_site_clears_nothing(client, mode, dest):
    response = client.get("/leave/", HTTP_SEC_FETCH_MODE=mode, HTTP_SEC_FETCH_DEST=dest)
    assert "Clear-Site-Data" not in response


def test_only_a_visit_is_allowed(client):
    assert client.post("/leave/", {}).status_code == 405
