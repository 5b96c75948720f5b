"""What the ffmpeg program makes of the same pictures: its own camera move, its own in-between."""

import shutil
import subprocess
import sys
from pathlib import Path

from studio.providers.local.boxes import Size

FPS = 24
_ENCODED = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p")


def zoompan(picture: Path, target: Path, size: Size, seconds: int, nearer: float) -> None:
    """A push-in that leaves and arrives gently, on a canvas a quarter larger than the frame."""
    frames = seconds * FPS
    way = f"(on/{frames - 1})"
    zoom = f"1+{nearer}*{way}*{way}*(3-2*{way})"
    canvas = f"scale={size.width * 5 // 4}:{size.height * 5 // 4}:flags=lanczos"
    middle = "x='(iw-iw/zoom)/2':y='(ih-ih/zoom)/2'"
    move = f"zoompan=z='{zoom}':{middle}:d={frames}:s={size.width}x{size.height}:fps={FPS}"
    _run("-i", str(picture), "-vf", f"{canvas},{move}", "-frames:v", str(frames), target=target)


def minterpolate(start: Path, end: Path, target: Path, size: Size, frames: int) -> None:
    """`frames` of motion-compensated frames between the two, by its best known settings."""
    seconds = frames / FPS
    rate = f"{FPS}/{frames}"
    fitted = f"scale={size.width}:{size.height}:flags=lanczos,setsar=1,format=yuv420p"
    between = f"minterpolate=fps={FPS}:mi_mode=mci:mc_mode=aobmc:me_mode=bidir:vsbmc=1:scd=none"
    # Each end stands for its own time, and only what lies between them is kept.
    kept = f"trim=start={seconds}:end={2 * seconds},setpts=PTS-STARTPTS"
    graph = f"[0]{fitted}[a];[1]{fitted}[b];[a][b]concat=n=2:v=1,{between},{kept}"
    ends = []
    for path, times in ((start, 2), (end, 3)):
        ends += ["-framerate", rate, "-loop", "1", "-t", str(times * seconds), "-i", str(path)]
    _run(*ends, "-filter_complex", graph, target=target)


def _run(*arguments: str, target: Path) -> None:
    program = shutil.which("ffmpeg")
    if program is None:
        sys.exit("this bench compares with the ffmpeg program, which is not installed")
    subprocess.run(
        [program, "-y", "-loglevel", "error", *arguments, *_ENCODED, str(target)],
        check=True,
        stdin=subprocess.DEVNULL,
    )
