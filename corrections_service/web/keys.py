"""The keys of the desk: one for each thing, another where a person chose one, none where they chose that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from corrections_service import errors
from corrections_service.rules.workflow import Role
from corrections_service.services import editors
from corrections_service.store.models import Editor
from corrections_service.web import access
from corrections_service.web.access import requires, write
from corrections_service.web.controls import Line, Typed
from corrections_service.web.language import say

bp = Blueprint("keys", __name__)

COMMANDS = {
    "1": "desk.keys.accept",
    "2": "desk.keys.same",
    "3": "desk.keys.decline",
    "h": "desk.keys.later",
    "e": "desk.keys.next",
    "j": "desk.keys.down",
    "k": "desk.keys.up",
    "u": "desk.keys.back",
    "z": "desk.keys.undo",
    "a": "desk.keys.take",
    "n": "desk.keys.note",
    "r": "desk.keys.ask",
    "l": "desk.keys.look",
    "!": "desk.keys.spam",
    "/": "desk.keys.search",
    ".": "desk.keys.new",
}
"""What has a key of its own that can be changed; the key is its name."""

RESERVED = ("?", "g", "x", "b")
"""What the desk hears whatever people choose: its commands, the beginning of a chord, ticking, and the ticked."""


def field_name(key: str) -> str:
    """The name of a key's field: a letter for signs that none can hold."""
    return f"key_{ord(key)}"


class KeysForm(Typed):
    """Which key does what."""


for _key, _name in COMMANDS.items():
    setattr(KeysForm, field_name(_key), Line(_name, 1, more={"autocapitalize": "off"}))


def own_keys(editor: Editor | None) -> dict[str, str]:
    """The keys that a person chose, by those that they stand for."""
    chosen = editor.choices.get("keys", {}) if editor else {}
    return {key: pressed for key, pressed in chosen.items() if key in COMMANDS}


def are_off(editor: Editor | None) -> bool:
    """Whether a person wants no single key to do anything."""
    return bool(editor and editor.choices.get("keys_off"))


def form_of(editor: Editor | None) -> KeysForm:
    """The form as it stands for this person."""
    chosen = own_keys(editor)
    return KeysForm(None, data={field_name(key): chosen.get(key, key) for key in COMMANDS})


@bp.post("/account/keys")
@requires(Role.VIEWER)
def choose() -> ResponseReturnValue:
    """Keep one's own keys, or that there are to be none."""
    number, form = access.editor_id() or 0, KeysForm(request.form)
    switch = request.form.get("single", "")
    try:
        chosen = {} if switch else _read(form)
    except errors.InvalidFields as error:
        form.blame(error)
        return render_template("account/keys.html", keys=form), error.status
    with write() as session:
        if switch:
            editors.choose(session, editors.get(session, number), keys_off=switch == "off")
        else:
            editors.choose(session, editors.get(session, number), keys=chosen)
    flash(say("desk.account.saved"), "done")
    return redirect("/account#keys-choice")


def _read(form: KeysForm) -> Mapping[str, Any]:
    """The keys that differ from ours. Raises InvalidFields where one would do two things."""
    form.check()
    chosen = {key: form[field_name(key)].data.strip().lower() or key for key in COMMANDS}
    wrong: dict[str, str] = {}
    for key, pressed in chosen.items():
        rivals = [say(COMMANDS[rival]) for rival in chosen if rival != key and chosen[rival] == pressed]
        if rivals or pressed in RESERVED:
            by = ", ".join(rivals) or say("desk.keys.by_desk")
            wrong[field_name(key)] = say("desk.keys.taken", key=pressed, by=by)
    if wrong:
        raise errors.InvalidFields(wrong)
    return {key: pressed for key, pressed in chosen.items() if pressed != key}
