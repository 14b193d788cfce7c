"""Peak memory of a review, for a clip and for the same clip four times over: it must not grow.

    python benchmarks/memory.py [--clip sample_videos/order.mp4] [--times 4]

The longer clip repeats the packets of the shorter one without encoding anew. Each review is a
process of its own; the figure is the most that its pages ever took.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import av

from vision.calibration import load_calibration

SAMPLES = Path(__file__).resolve().parents[1] / "sample_videos"
LIMIT_MB = 600
SLACK = 1.10
"""The longer review may take a tenth more: allocators are not exact."""


def repeat(clip: Path, times: int, target: Path) -> None:
    """Write the clip's packets `times` over, each time later."""
    with av.open(str(target), "w") as out:
        stream, offset = None, 0
        for _ in range(times):
            with av.open(str(clip)) as source:
                video = source.streams.video[0]
                stream = stream or out.add_stream_from_template(video)
                end = 0
                for packet in source.demux(video):
                    if packet.dts is None or packet.pts is None:
                        continue
                    end = max(end, packet.pts + (packet.duration or 0))
                    packet.pts, packet.dts = packet.pts + offset, packet.dts + offset
                    packet.stream = stream
                    out.mux(packet)
                offset += end


def peak_mb(clip: Path, calibration: Path) -> float:
    """Peak resident memory of a review of the clip in a fresh process and its decoder's."""
    command = [sys.executable, __file__, "--clip", str(clip), "--review", str(calibration)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return float(done.stdout.splitlines()[-1])


def review(clip: Path, calibration: Path) -> float:
    """Review in this process; gives its peak resident memory and its decoder's."""
    from routines.routine import load_routine
    from sessions.review import review_recording

    review_recording(clip, load_calibration(calibration), load_routine())
    # The decoder is a process of its own; pages that both share are counted twice.
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(one).ru_maxrss for one in who) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clip", type=Path, default=SAMPLES / "order.mp4")
    parser.add_argument("--times", type=int, default=4)
    parser.add_argument("--review", type=Path, help="calibration: measure this process alone")
    wanted = parser.parse_args()
    clip: Path = wanted.clip
    if wanted.review:
        print(review(clip, wanted.review))
        return
    calibration = clip.with_name(f"{clip.stem}.calibration.json")
    with tempfile.TemporaryDirectory() as folder:
        longer = Path(folder) / "longer.mp4"
        repeat(clip, wanted.times, longer)
        once, over = peak_mb(clip, calibration), peak_mb(longer, calibration)
    print(f"{clip.name}: {once:.0f} MB once, {over:.0f} MB {wanted.times} times over")
    if over > SLACK * once:
        sys.exit(f"Memory grew by {over / once - 1:.0%}.")
    if over > LIMIT_MB:
        sys.exit(f"That is more than {LIMIT_MB} MB.")


if __name__ == "__main__":
    main()
