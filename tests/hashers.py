"""A hasher that is quick, and takes its turn like the site's own."""

from django.contrib.auth.hashers import MD5PasswordHasher

from iop_site.staff.hashing import OneAtATime


class Quick(OneAtATime, MD5PasswordHasher):
    pass
