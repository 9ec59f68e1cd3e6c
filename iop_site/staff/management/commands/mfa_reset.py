from django.core.management.base import BaseCommand, CommandError

from iop_site.staff.models import Authenticator, User


class Command(BaseCommand):
    help = "Take the second step from an account, end its sessions and tell its owner. Make sure first who asks."

    def add_arguments(self, parser):
        parser.add_argument("username", help="User name, as typed at the sign-in.")

    def handle(self, *args, username, **options):
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError("There is no account with this user name.")
        if Authenticator.remove_all(user):
            self.stdout.write("The second step is taken away. The next sign-in sets up a new one.")
        else:
            self.stdout.write("This account has no second step; the next sign-in sets one up.")
