import re

from django.conf import settings
from django.core.management.base import BaseCommand

from iop_site.settings import env

TABLE = "docs/operations.md"
EXAMPLE = ".env.example"
BETWEEN = re.compile(r"(?<=<!-- settings -->\n).*(?=<!-- end of settings -->)", re.DOTALL)
HEAD = "# All settings, each with its default. Nothing reads this file by itself: docs/operations.md.\n"


class Command(BaseCommand):
    help = f"Write the table of settings into {TABLE}, and {EXAMPLE}."
    requires_system_checks = ()

    def handle(self, *args, **options):
        for name, text in (TABLE, with_table((settings.BASE_DIR / TABLE).read_text("utf-8"))), (EXAMPLE, example()):
            (settings.BASE_DIR / name).write_text(text, "utf-8")


def with_table(text: str) -> str:
    rows = [f"| `{one.name}` | {one.default or 'none'} | {one.help} |\n" for one in env.settings.values()]
    table = "".join(["| setting | default | meaning |\n|---|---|---|\n", *rows])
    return BETWEEN.sub(lambda _: table, text)


def example() -> str:
    return HEAD + "".join(
        f"\n# {one.help} Default: {one.default or 'none'}\n#{one.name}=\n" for one in env.settings.values()
    )
