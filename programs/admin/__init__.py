from programs.admin import listings, pages
from programs.admin.base import ContentAdmin

__all__ = ["ContentAdmin", "listings", "pages"]
