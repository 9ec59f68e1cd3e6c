"""Our own site without the memory of pages in front: every request goes through Django."""

from iop_site.handlers import Handler
from iop_site.wsgi import application as remembered  # noqa: F401 - it sets Django up and proves the keys

application = Handler()
application.follow_version = lambda: None  # there is nothing to follow
