"""Each page of the guide is as warm as the first: a drawn scene that only warms, and costs almost nothing."""

import brotli
import pytest
from django.conf import settings

from programs.models import GuidePage

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MOST_BYTES = 3 * 1024  # compressed; the first window of a connection holds the page and its style sheet


def test_every_page_of_the_guide_that_ships_has_its_scene_in_both_languages(client, guide):
    for page in GuidePage.objects.filter(kind=GuidePage.Kind.PAGE):
        for path in (f"/{page.slug_en}/", f"/es/{page.slug_es}/"):
            text = client.get(path).content.decode()
            assert text.count('<svg class="scene"') == 1, path
            scene = text.split('<svg class="scene"')[1].split("</svg>")[0]
            assert 'aria-hidden="true"' in scene and "<text" not in scene and "style=" not in scene
            assert len(brotli.compress(scene.encode())) < MOST_BYTES


def test_no_scene_is_left_over(guide):
    drawn = {path.stem[1:] for path in (settings.BASE_DIR / "templates/programs/scenes").iterdir()}
    assert drawn == set(GuidePage.objects.filter(kind=GuidePage.Kind.PAGE).values_list("key", flat=True))


def test_a_page_that_staff_made_stands_without_one(client, guide):
    GuidePage.objects.create(key="made-up", slug_en="made-up", slug_es="inventada", title="Made up", menu_label="x")
    response = client.get("/made-up/")
    assert response.status_code == 200 and "scene" not in response.content.decode()
