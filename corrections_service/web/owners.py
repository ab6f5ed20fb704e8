"""Whose matter which cases of a site are: where an administrator says so."""

from __future__ import annotations

import hashlib
import json
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from corrections_service import errors
from corrections_service.rules.changes import Kind
from corrections_service.rules.owners import Owner
from corrections_service.rules.workflow import Role
from corrections_service.services import people, routing
from corrections_service.store.models import Editor, Site
from corrections_service.web import access, people_forms
from corrections_service.web.access import read, requires, write
from corrections_service.web.language import say

bp = Blueprint("owners", __name__)

MOST_RULES = 200


@bp.route("/settings/sites/<slug>/owners", methods=["GET", "POST"])
@requires(Role.ADMIN)
def owners(slug: str) -> str | Response | tuple[str, int]:
    """The rules in their order; one is added at the end, moved up, or removed."""
    if request.method != "POST":
        return _page(access.site_with(read(), slug, Role.ADMIN), people_forms.OwnerForm())
    form = people_forms.OwnerForm(request.form)
    try:
        form.check()
        with write() as session:
            site = access.site_with(session, slug, Role.ADMIN)
            routing.choose(site, _changed(session, site, form))
    except errors.InvalidFields as error:
        form.blame(error)
        return _page(access.site_with(read(), slug, Role.ADMIN), form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(say("desk.owners.saved"), "done")
    return redirect(f"/settings/sites/{slug}/owners", HTTPStatus.SEE_OTHER)


def _changed(session: Session, site: Site, form: people_forms.OwnerForm) -> list[Owner]:
    """The site's rules as the form wants them. Raises InvalidFields."""
    rules = list(routing.owners_of(site))
    if form.action.data == "add":
        return [*rules, _new_rule(session, site, form, len(rules))]
    place = next((at for at, rule in enumerate(rules) if mark_of(rule) == form.rule.data), None)
    if place is None:
        raise errors.InvalidFields({"": say("desk.owners.rule_gone")})
    rule = rules.pop(place)
    if form.action.data == "up":
        rules.insert(max(place - 1, 0), rule)
    return rules


def mark_of(rule: Owner) -> str:
    """What a rule is known by on a page: the rule itself, as its place may be another one's by the time it is sent."""
    return hashlib.sha256(json.dumps(rule, sort_keys=True).encode()).hexdigest()[:16]


def _new_rule(session: Session, site: Site, form: people_forms.OwnerForm, count: int) -> Owner:
    numbers = {person.id for person in people.colleagues(session, site.id, Role.EDITOR)}
    owner, deputy = form.owner.data, form.deputy.data
    if owner not in numbers:
        raise errors.InvalidFields({"owner": "Choose an editor of this site."})
    if deputy is not None and (deputy not in numbers or deputy == owner):
        raise errors.InvalidFields({"deputy": say("desk.owners.choose_deputy")})
    if count >= MOST_RULES:
        raise errors.InvalidFields({"owner": say("desk.owners.many_rules", most=MOST_RULES)})
    words = {name: form[name].data.strip() for name in ("section", "author")}
    return Owner(section=words["section"], author=words["author"], kind=form.kind.data, owner=owner, deputy=deputy)


def _page(site: Site, form: people_forms.OwnerForm) -> str:
    names = {person.id: people.name_of(person) for person in people.colleagues(read(), site.id)}
    rules: list[dict[str, Any]] = [
        {**rule, "mark": mark_of(rule), "names": [_name(names, rule["owner"]), _name(names, rule["deputy"])]}
        for rule in routing.owners_of(site)
    ]
    choices: list[Editor] = list(people.colleagues(read(), site.id, Role.EDITOR))
    return render_template(
        "dashboard/settings_owners.html",
        site=site,
        form=form,
        rules=rules,
        people=choices,
        kinds=list(Kind),
        facts=routing.known_facts(read(), site),
    )


def _name(names: dict[int, str], number: int | None) -> str:
    """A person's name; who works here no more has none."""
    return "" if number is None else names.get(number, say("desk.owners.gone"))
