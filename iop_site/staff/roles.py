"""What each role may do. Granted after every migrate, so that a model that comes later is in the table at once."""

from fnmatch import fnmatchcase

from django.apps import apps as all_apps
from django.contrib.auth.management import create_permissions

INTAKE, CONTENT, SUPERVISOR = "Intake", "Content", "Supervisor"
APPS = ("inquiries", "programs", "staff")

# Patterns of permissions. Nobody but a superuser deletes what is not their own (an old
# address may go), and inquiries are deleted by nobody.
_WORK = [
    "inquiries.view_inquiry",
    "inquiries.change_inquiry",
    "inquiries.view_messagetemplate",
    "inquiries.*_savedview",
]
_GUIDE = ["programs.view_*", "programs.add_*", "programs.change_*", "programs.delete_oldaddress"]
ROLES = {
    INTAKE: _WORK,
    CONTENT: _GUIDE,
    SUPERVISOR: [
        *_WORK,
        *_GUIDE,
        "inquiries.view_*",
        "inquiries.export_inquiry",
        "inquiries.assign_inquiry",
        "inquiries.hold_inquiry",
        "inquiries.*_messagetemplate",
        "inquiries.*_closedday",
        "inquiries.*_weeklyhours",
        "inquiries.change_outboxnotice",
        "staff.view_user",
        "staff.add_user",
        "staff.change_user",
    ],
}
# Words of danger are kept by supervisors alone.
NOT_FOR = {CONTENT: ["programs.*_dangerwords"]}


def grant(sender, *, using="default", apps=all_apps, **kwargs):
    try:
        group_model, permission_model = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    except LookupError:
        return  # the tables are not there yet
    for label in APPS:  # on a fresh database they would come after this
        create_permissions(all_apps.get_app_config(label), verbosity=0, using=using, apps=apps)
    rows = permission_model.objects.using(using).filter(content_type__app_label__in=APPS)
    named = {f"{app}.{name}": pk for pk, app, name in rows.values_list("pk", "content_type__app_label", "codename")}
    for role, patterns in ROLES.items():
        group, _is_new = group_model.objects.using(using).get_or_create(name=role)
        given = {pk for name, pk in named.items() if any(fnmatchcase(name, p) for p in patterns)}
        withheld = {pk for name, pk in named.items() if any(fnmatchcase(name, p) for p in NOT_FOR.get(role, ()))}
        group.permissions.set(given - withheld)
