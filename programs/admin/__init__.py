from programs.admin import listings, organizations, pages
from programs.admin.base import ContentAdmin

__all__ = ["ContentAdmin", "listings", "organizations", "pages"]
