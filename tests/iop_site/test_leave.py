"""“Leave this site” leads away at once and forgets what it can."""

import pytest


@pytest.mark.parametrize("path", ["/leave/", "/es/salir/"])
def test_it_leads_to_the_page_that_is_set(client, settings, path):
    settings.LEAVE_URL = "https://dull.example/"
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (303, "https://dull.example/")
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "no-store"


def visit(client, site: str, mode="navigate", dest="document"):
    return client.get("/leave/", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest})


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_who_leaves_from_here_or_types_the_address_clears_the_cookies_of_this_site(client, site):
    assert visit(client, site)["Clear-Site-Data"] == '"cookies"'  # not storage, where a tab keeps that it has left


@pytest.mark.parametrize("site", ["cross-site", "same-site", ""])
def test_a_link_of_another_site_clears_nothing(client, site):
    assert "Clear-Site-Data" not in visit(client, site)


@pytest.mark.parametrize(("mode", "dest"), [("no-cors", "image"), ("navigate", "iframe"), ("", "")])
def test_a_picture_or_a_frame_clears_nothing(client, mode, dest):
    assert "Clear-Site-Data" not in visit(client, "same-origin", mode, dest)


def test_only_a_visit_is_allowed(client):
    assert client.post("/leave/", {}).status_code == 405
