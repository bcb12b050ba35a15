"""Who may open a page of our own in the admin, by one decorator, and what a group may do, by one operation."""

from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import Concatenate

from django.apps import apps as installed
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.core.exceptions import PermissionDenied
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.http import HttpRequest
from django.http.response import HttpResponseBase


def requires[**P, R: HttpResponseBase](
    *rights: str, to_send: str = ""
) -> Callable[[Callable[Concatenate[HttpRequest, P], R]], Callable[..., R]]:
    """Refuse a page to accounts that have none of these rights.

    A form that is sent needs ``to_send`` in their place, where that is given. A right is named as Django names it:
    ``leads.view_lead``.
    """

    def decorate(view: Callable[Concatenate[HttpRequest, P], R]) -> Callable[..., R]:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R:
            needed = (to_send,) if to_send and request.method == "POST" else rights
            if not any(request.user.has_perm(right) for right in needed):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return checked

    return decorate


def granting(room: str, groups: Mapping[str, Collection[str]]) -> RunPython:
    """An operation of a migration: give groups, by name, rights to the models of a room, and make groups that are not
    there yet.

    Backwards it does nothing: groups that staff belong to by then are not taken away.
    """

    def grant(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        database = schema_editor.connection.alias
        # Django makes permissions once all migrations are through, and these are needed now.
        create_permissions(installed.get_app_config(room), verbosity=0, using=database, apps=apps)
        rights = apps.get_model("auth", "Permission").objects.using(database).filter(content_type__app_label=room)
        for name, codenames in groups.items():
            group, _ = apps.get_model("auth", "Group").objects.using(database).get_or_create(name=name)
            group.permissions.add(*rights.filter(codename__in=codenames))

    return RunPython(grant, RunPython.noop)
