"""Options that several commands share."""

from pathlib import Path

import click

from grader.spec import MAX_SEED

LANGUAGES = click.Choice(["ko", "en"])
SANDBOXES = click.Choice(["auto", "bubblewrap", "landlock", "none"])
COURSE = click.option("--course", "course_path", type=click.Path(path_type=Path), metavar="DIR",
                      help="Folder of the course (default: the nearest parent that holds course.toml).")
SANDBOX = click.option("--sandbox", type=SANDBOXES, default="auto", show_default=True,
                       help="How submissions are kept apart.")
LANG = click.option("--lang", type=LANGUAGES, help="Language of the report (default: the course's).")
SEED = click.option("--seed", type=click.IntRange(0, MAX_SEED), default=0, show_default=True,
                    help="Decides the generated inputs.")
TIMEOUT = click.option("--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS",
                       help="Wall-clock limit of each cell and of each check.")
OUT = click.option("-o", "out", type=click.Path(path_type=Path, file_okay=False), default=Path("grades"),
                   show_default=True, help="Folder of the gradebook.")
GRADEBOOK = click.option("--gradebook", "url", metavar="URL",
                         help="Database in place of the one in OUT, e.g. postgresql+psycopg://user@host/course.")
TO = click.option("--to", "target", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
                  help="File to write (default, and -: standard output).")
EXERCISES = click.option("-e", "exercises", multiple=True, metavar="EXERCISE",
                         help="This exercise only; may be given several times.")
