"""See script/voices. One run: speak each turn, lay the turns one after another, level, encode, write the true times."""

from __future__ import annotations

import argparse
import array
import json
import re
import subprocess
import sys
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

# Between two turns where the author says nothing about it: an unhurried change of speaker.
PAUSE = 0.7
# After the last turn, so that a player doesn't cut the room off.
TAIL = 0.5
# EBU R 128 loudness in LUFS. Speech on the web, and the level at which the voices are balanced before that.
LOUDNESS, VOICE_LOUDNESS = -18.0, -23.0
# A sample below this (of 32767) is the silence espeak-ng puts around what it says.
SILENCE = 150
# A small room: two early reflections. Without them a synthetic voice sits inside the listener's head.
ROOM = "aecho=0.85:0.9:19|31:0.10|0.07"


@dataclass(frozen=True)
class Turn:
    """What one person says. `start` and `end` in seconds from the beginning of the fragment."""

    id: str
    speaker: str
    text: str
    start: float
    end: float


def run(*command: str | Path, text: str | None = None) -> str:
    """Run a program to its end and give what it said on standard error. Raises when it fails."""
    words = [str(part) for part in command]
    done = subprocess.run(words, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command[0]} stopte met {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stderr


def speak(text: str, voice: dict[str, Any], respell: dict[str, str], target: Path) -> None:
    """Write `text` in this voice to `target`, without silence around it."""
    for word, spelling in respell.items():
        text = re.sub(rf"\b{re.escape(word)}\b", spelling, text)
    manner = f"-v nl+{voice['variant']} -p {voice['toon']} -s {voice['tempo']} -a 80"
    run("espeak-ng", *manner.split(), "-w", target, "--stdin", text=text)
    with wave.open(str(target), "rb") as source:
        shape = source.getparams()
        samples = array.array("h", source.readframes(shape.nframes))
    loud = [place for place, sample in enumerate(samples) if abs(sample) > SILENCE]
    with wave.open(str(target), "wb") as trimmed:
        trimmed.setparams(shape)
        trimmed.writeframes(samples[loud[0] : loud[-1] + 1].tobytes())


def seconds(path: Path) -> float:
    with wave.open(str(path), "rb") as source:
        return source.getnframes() / source.getframerate()


def timeline(turns: list[dict[str, Any]], lengths: list[float]) -> list[Turn]:
    """Put the turns one after another, each after its pause, in hundredths of a second. No turn overlaps another."""
    placed: list[Turn] = []
    now = 0.0
    for turn, length in zip(turns, lengths, strict=True):
        start = round(now + (float(turn.get("stilte", PAUSE)) if placed else 0.0), 2)
        now = round(start + length, 2)
        placed.append(Turn(turn["id"], turn["spreker"], turn["tekst"], start, now))
    return placed


def colour(voice: dict[str, Any]) -> str:
    """The filters that give a voice its own body: `laag` and `hoog` in dB around 200 Hz and 2.8 kHz.

    The compressor takes the hard edge off espeak-ng's stressed syllables.
    """
    return (
        f"aresample=48000,highpass=f=70,equalizer=f=200:t=q:w=1:g={voice.get('laag', 0)},"
        f"equalizer=f=2800:t=q:w=1:g={voice.get('hoog', 0)},lowpass=f=9500,"
        "acompressor=threshold=-26dB:ratio=2.5:attack=8:release=140:makeup=1"
    )


def measured(inputs: list[Path], filters: str) -> dict[str, str]:
    """The loudness of `inputs` one after another, as ffmpeg's loudnorm measures it (LUFS, dBTP, LU)."""
    files = [part for path in inputs for part in ("-i", path)]
    chain = f"concat=n={len(inputs)}:v=0:a=1,{filters},loudnorm=print_format=json"
    report = run("ffmpeg", "-nostdin", "-hide_banner", *files, "-filter_complex", chain, "-f", "null", "-")
    figures: dict[str, str] = json.loads(report[report.rindex("{") : report.rindex("}") + 1])
    return figures


def mix(turns: list[Turn], spoken: list[Path], voices: dict[str, dict[str, Any]], target: Path) -> None:
    """All turns at their times in one room, every voice equally loud, as 48 kHz mono WAV."""
    gains = {}
    for name, voice in voices.items():
        said = [path for turn, path in zip(turns, spoken, strict=True) if turn.speaker == name]
        gains[name] = VOICE_LOUDNESS - float(measured(said, colour(voice))["input_i"])
    files = [part for path in spoken for part in ("-i", path)]
    chains = [
        f"[{place}]{colour(voices[turn.speaker])},volume={gains[turn.speaker]:.2f}dB,"
        f"adelay={round(turn.start * 1000)}[t{place}]"
        for place, turn in enumerate(turns)
    ]
    together = "".join(f"[t{place}]" for place in range(len(turns)))
    length = turns[-1].end + TAIL
    chains.append(
        f"{together}amix=inputs={len(turns)}:normalize=0,{ROOM},alimiter=limit=0.5:level=false,apad,atrim=end={length:.2f}"
    )
    run("ffmpeg", "-nostdin", "-y", *files, "-filter_complex", ";".join(chains), "-ac", "1", target)


def encode(source: Path, opus: Path, mp3: Path) -> None:
    """Even the loudness (EBU R 128, measured first so that it is one steady gain) and write both files."""
    level = f"I={LOUDNESS}:TP=-1.5:LRA=11"
    found = measured([source], "anull")
    even = (
        f"loudnorm={level}:linear=true:measured_I={found['input_i']}:measured_TP={found['input_tp']}"
        f":measured_LRA={found['input_lra']}:measured_thresh={found['input_thresh']},aresample=48000"
    )
    # bitexact: no version or random stream number in the file, so that the same sound is the same bytes.
    plain = "-ac 1 -map_metadata -1 -fflags +bitexact -flags:a +bitexact"
    for target, codec in (
        (opus, "-c:a libopus -b:a 28k -application voip"),
        (mp3, "-c:a libmp3lame -b:a 48k -ar 24000"),
    ):
        run("ffmpeg", "-nostdin", "-y", "-i", source, "-af", even, *plain.split(), *codec.split(), target)


def clock(moment: float) -> str:
    """WebVTT's way to write a moment: 00:01:04.250."""
    minutes, rest = divmod(moment, 60)
    return f"{int(minutes // 60):02}:{int(minutes % 60):02}:{rest:06.3f}"


def captions(turns: list[Turn], note: str) -> str:
    """WebVTT with a cue a turn and its speaker as voice."""
    cues = [f"WEBVTT\n\nNOTE {note}"]
    for turn in turns:
        text = turn.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        cues.append(f"{turn.id}\n{clock(turn.start)} --> {clock(turn.end)}\n<v {turn.speaker}>{text}")
    return "\n\n".join(cues) + "\n"


def with_times(text: str, turns: list[Turn]) -> str:
    """The fragment as the author wrote it, with only `start` and `eind` of each turn changed."""
    times = {turn.id: {"start": turn.start, "eind": turn.end} for turn in turns}
    lines = text.split("\n")
    inside: dict[str, float] = {}
    for place, line in enumerate(lines):
        if opened := re.match(r"\s*- id: (\S+)$", line):
            inside = times.get(opened[1], {})
        elif (written := re.match(r"(\s*)(start|eind): ", line)) and inside:
            lines[place] = f"{written[1]}{written[2]}: {inside[written[2]]}"
    return "\n".join(lines)


def voice_fragment(path: Path) -> list[Turn]:
    """Make the sound and captions that the fragment at `path` names, and write the true times into it."""
    text = path.read_text()
    fragment = yaml.safe_load(text)["fragment"]
    voices = {speaker["naam"]: speaker["stem"] for speaker in fragment["sprekers"]}
    # Paths in content are relative to the course, the folder that holds course.xml.
    course = next(folder for folder in path.resolve().parents if (folder / "course.xml").exists())
    with tempfile.TemporaryDirectory() as room:
        spoken = [Path(room) / f"{place:03}.wav" for place, _ in enumerate(fragment["beurten"])]
        for turn, wav in zip(fragment["beurten"], spoken, strict=True):
            speak(turn["tekst"], voices[turn["spreker"]], fragment.get("uitspraak", {}), wav)
        turns = timeline(fragment["beurten"], [seconds(wav) for wav in spoken])
        whole = Path(room) / "whole.wav"
        mix(turns, spoken, voices, whole)
        encode(whole, course / fragment["audio"]["opus"], course / fragment["audio"]["mp3"])
    (course / fragment["captions"]).write_text(captions(turns, fragment["label"]))
    path.write_text(with_times(text, turns))
    return turns


def main() -> int:
    parser = argparse.ArgumentParser(description="Maak geluid en ondertitels bij een gespreksfragment.")
    parser.add_argument("fragment", type=Path)
    turns = voice_fragment(parser.parse_args().fragment)
    print(f"{len(turns)} beurten, {turns[-1].end:.1f} seconden")
    return 0


if __name__ == "__main__":
    sys.exit(main())
