"""What several exports say of an entry, in words."""

from grader.entries import Entry
from grader.messages import say
from grader.reports.view import points_text


def late_text(entry: Entry, lang: str) -> str:
    """What lateness took; empty where nothing was late."""
    if not entry.days_late:
        return ""
    earned, points = ("–" if points is None else points_text(points) for points in (entry.earned, entry.points))
    return say("class.late.points", lang, days=entry.days_late, earned=earned, points=points)
