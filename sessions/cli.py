"""The command line: `tstroke review`, `tstroke accuracy`, `tstroke app`, and those of the store.

What takes long to import is imported by the command that needs it, so that help comes at once.
"""

import sys
from pathlib import Path
from typing import Final, Literal

import click

from sessions import export_commands, store_commands

_PATH: Final = click.Path(path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="tstroke-coach", prog_name="tstroke")
def main() -> None:
    """Watches two hands on a back, counts the T-strokes of a massage and says what to do better.

    Everything stays on this machine.
    """


@main.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=_PATH)
@click.option(
    "--calibration",
    type=_PATH,
    metavar="FILE",
    help="Where the back lies in the picture, for all recordings. "
    "Without it, NAME.calibration.json beside each NAME.mp4 is used.",
)
@click.option(
    "--out",
    type=_PATH,
    metavar="DIR",
    default=Path("reviews"),
    show_default=True,
    help="Folder for the results; it is made if need be.",
)
@click.option(
    "--annotate",
    is_flag=True,
    help="Also write DIR/NAME.annotated.mp4 with hands, path, phase and count drawn in.",
)
@click.option(
    "--every-frame",
    is_flag=True,
    help="Look for hands also in frames between which they hardly move. It takes about twice as "
    "long, and finds hands that are hard to see a little more often.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Recordings that are reviewed at the same time, each in a process of its own. "
    "[default: as many as this machine has cores]",
)
@click.option(
    "--again",
    is_flag=True,
    help="Also review what was reviewed before, with the same program and options.",
)
@click.option(
    "--engine",
    type=click.Choice(["processes", "ray"]),
    default="processes",
    show_default=True,
    help="Who does the work: processes of this machine, or a Ray cluster (an extra to install), "
    "whose nodes all see the recordings and DIR under the same path.",
)
@click.option(
    "--address",
    metavar="HOST:PORT",
    help="Where the Ray cluster is; without it, one is started on this machine alone.",
)
def review(
    paths: tuple[Path, ...],
    calibration: Path | None,
    out: Path,
    annotate: bool,
    every_frame: bool,
    workers: int | None,
    again: bool,
    engine: Literal["processes", "ray"],
    address: str | None,
) -> None:
    """Review recordings: count the strokes and find their faults.

    Writes DIR/NAME.json for every recording and prints a table of its strokes. A folder stands
    for the recordings in it (mp4, mov, m4v, 3gp, mkv, webm, avi). A recording whose result is in
    DIR already, made with the same program, calibration and options, is not reviewed again; any
    other result with the same name is replaced. Ctrl-C stops at once and leaves no half-written
    result; the same command goes on where it stopped, also after a crash.

    \b
    Exit code: 0  all were reviewed
               1  some could not be; each is one line on standard error
               2  wrong usage
             130  stopped with Ctrl-C

    \b
    Examples: tstroke review sample_videos/order.mp4
              tstroke review evening/ --out evening/results --annotate
              tstroke review evening/ --workers 4
              tstroke review evening/ --engine ray --address 10.0.0.5:6379
    """
    from sessions.commands import run_review
    from sessions.many.review import Options

    if address is not None and engine != "ray":
        raise click.UsageError("--address names a Ray cluster, so it needs --engine ray.")
    options = Options(calibration, again, workers, engine, address)
    sys.exit(run_review(paths, out, options, annotate=annotate, every_frame=every_frame))


@main.command()
@click.argument("folder", metavar="DIR", type=_PATH)
@click.option("--json", "json_path", type=_PATH, metavar="FILE", help="Also write all figures.")
@click.option(
    "--bare", is_flag=True, help="Also show what bare MediaPipe finds in the same frames."
)
@click.option("--every-frame", is_flag=True, help="As of `tstroke review`.")
@click.option(
    "--card",
    "card_path",
    type=_PATH,
    metavar="FILE",
    help="Also write the accuracy card: FILE in Markdown, its twin in JSON beside it, and "
    "pictures/ with the worst moments. "
    "Looks at bare MediaPipe, at harder pictures and at clips without calibration, too.",
)
def accuracy(
    folder: Path, json_path: Path | None, bare: bool, every_frame: bool, card_path: Path | None
) -> None:
    """Score reviews of the clips in DIR against their truth.

    Clips are recordings with NAME.calibration.json and NAME.truth.json (or .json.gz) beside them.
    Prints per clip and in all: counts wanted and got, attempts matched (half of their common time
    shared), share of frames with the right phase, errors of phase boundaries, precision and
    recall per fault, share of frames with both hands, and the knuckles' distance from the truth.

    \b
    Exit code: 0  all clips were scored
               1  some could not be; each is one line on standard error
               2  wrong usage
    """
    from sessions.commands import run_accuracy

    sys.exit(run_accuracy(folder, json_path, card_path, bare=bare, every_frame=every_frame))


@main.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="Port on this machine; without it the first free one from 8501 on.",
)
@click.option("--browser", is_flag=True, help="Open the page in the browser.")
@click.option(
    "--address",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on. Any but the default lets others reach the app, and it asks for no "
    "password: see docs/serving.md.",
)
def app(port: int | None, browser: bool, address: str) -> None:
    """Open the app: practise with the webcam, or review a recording.

    It listens on the loopback address alone: only this machine can reach it. It prints the
    address to open. Ctrl-C ends it.
    """
    from sessions.app_start import start_app

    start_app(port, open_browser=browser, address=address)


export_commands.add_to(main)
store_commands.add_to(main)
