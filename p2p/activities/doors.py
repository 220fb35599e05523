"""What the doors of activities share."""

from typing import Any

from flask import Blueprint, abort, url_for

from p2p.activities.models import SUBJECTS, Activity
from p2p.history import nouns
from p2p.history.wording import place
from p2p.web import found

activities = Blueprint("activities", __name__)


def the_subject(noun: str, id: int) -> Any:
    """The present record of a kind that carries activities, else 404."""
    if noun not in SUBJECTS:
        abort(404)
    return found(nouns[noun], id)


def the_activity(id: int) -> tuple[Activity, Any]:
    """A present activity and the record it hangs on, which must be present as well."""
    activity: Activity = found(Activity, id)
    return activity, the_subject(activity.subject_noun, activity.subject_id)


def place_of(subject: Any) -> str:
    return place((subject.noun, subject.id), subject.about()) or url_for("activities.index")
