"""Longer recordings out of short ones."""

from pathlib import Path

import av


def repeat(clip: Path, times: int, target: Path) -> None:
    """Write the clip's packets `times` over, each time later, without encoding anew."""
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
