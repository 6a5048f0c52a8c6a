"""Drawn pictures to upload: what they show fits the labels that the local Cloudinary finds in them.

It finds labels by a file's hash. So a picture carries a comment, chosen so that its labels begin with what it shows.
Each number gives another picture, always the same.
"""

import hashlib
from collections.abc import Callable, Iterator
from itertools import count
from random import Random
from typing import NamedTuple

from playwright.sync_api import Browser

from simulator.assets.labels import labels_of_digest

WIDTH, HEIGHT = 900, 600


class Drawn(NamedTuple):
    """A picture to upload: its folder, its name and its JPEG file."""

    folder: str
    name: str
    jpeg: bytes


def draw(browser: Browser, how_many: int) -> Iterator[Drawn]:
    """Yield the first ``how_many`` pictures."""
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    labels = list(_SCENES)
    for number in range(how_many):
        label = labels[number % len(labels)]
        folder, scene = _SCENES[label]
        svg = f'<svg width="{WIDTH}" height="{HEIGHT}">{scene(Random(number))}</svg>'
        page.set_content(f'<body style="margin:0">{svg}')
        jpeg = page.screenshot(type="jpeg", quality=60)
        yield Drawn(folder, f"{label.lower()}-{number // len(labels) + 1:03}", _with_labels(jpeg, label))
    page.close()


def _with_labels(jpeg: bytes, label: str) -> bytes:
    """Return the JPEG with a comment with which its labels begin with ``label``."""
    for number in count():
        comment = str(number).encode()
        commented = jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2) + comment + jpeg[2:]
        if labels_of_digest(hashlib.sha256(commented).hexdigest(), "aws_rek_tagging")[0].tag == label:
            return commented
    raise AssertionError("unreachable")


def _box(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}"/>'


def _shape(path: str, fill: str, more: str = "") -> str:
    return f'<path d="{path}" fill="{fill}" {more}/>'


def _concert(r: Random) -> str:
    hue, x = r.randrange(360), r.randrange(300, 540)
    parts = [_box(0, 0, 900, 600, f"hsl({hue} 45% 12%)")]
    for n, top in enumerate(range(120, 860, 180)):
        ends = f"L{top + r.randrange(-260, 60)} 470 L{top + r.randrange(80, 300)} 470Z"
        parts.append(_shape(f"M{top} 0 {ends}", f"hsl({(hue + 40 * n) % 360} 90% 65%)", 'opacity=".28"'))
    parts.append(_box(0, 460, 900, 140, "#111"))
    body = '<ellipse rx="58" ry="46"/><ellipse cx="62" rx="44" ry="36"/><circle cx="30" r="15" fill="#222"/>'
    neck = _box(90, -9, 190, 18, "#6b4423") + _box(275, -15, 42, 30, "#333")
    turned = f"translate({x} 330) rotate({r.randrange(-40, -10)})"
    parts.append(f'<g transform="{turned}" fill="hsl({(hue + 180) % 360} 70% 45%)">{body}{neck}</g>')
    parts += [f'<circle cx="{x}" cy="{570 - r.randrange(40)}" r="26"/>' for x in range(10, 900, 38)]
    return "".join(parts)


def _mountain(r: Random) -> str:
    hue = r.randrange(190, 260)
    parts = [_box(0, 0, 900, 600, f"hsl({hue} 70% 85%)")]
    parts.append(f'<circle cx="{r.randrange(100, 800)}" cy="110" r="55" fill="#fff3c4"/>')
    for n in range(3):
        y, x = 220 + 90 * n, r.randrange(120, 460)
        ridge = f"M0 600V{y + 80}L{x} {y} {x + 170} {y + 120} {x + 330} {y - 30} 900 {y + 150}V600Z"
        parts.append(_shape(ridge, f"hsl({hue} {30 - 5 * n}% {62 - 16 * n}%)"))
    return "".join(parts)


def _beach(r: Random) -> str:
    x = r.randrange(120, 700)
    leaf = "M0 0Q60 -70 150 -10Q70 -30 0 0"
    leaves = "".join(_shape(leaf, "#2f7d4f", f'transform="rotate({angle})"') for angle in range(-200, 60, 42))
    sky = _box(0, 0, 900, 600, f"hsl({r.randrange(15, 45)} 90% 78%)")
    sun = f'<circle cx="{900 - x}" cy="300" r="80" fill="#ff8c42"/>'
    sea = _box(0, 300, 900, 150, f"hsl({r.randrange(185, 215)} 60% 50%)")
    sand = _shape("M0 450Q450 400 900 460V600H0Z", "#f3d9a4")
    trunk = _shape(f"M{x} 560Q{x + 20} 380 {x + 60} 240l16 4Q{x + 40} 400 {x + 22} 560Z", "#7a5230")
    return f'{sky}{sun}{sea}{sand}{trunk}<g transform="translate({x + 66} 240)">{leaves}</g>'


def _forest(r: Random) -> str:
    parts = [_box(0, 0, 900, 600, f"hsl({r.randrange(90, 200)} 30% 82%)"), _box(0, 430, 900, 170, "#5d7a4a")]
    for y in sorted(r.randrange(120, 330) for _ in range(26)):
        x, half = r.randrange(900), r.randrange(45, 80)
        parts.append(_shape(f"M{x} {y}l-{half} 190h{2 * half}Z", f"hsl({r.randrange(110, 160)} 35% {y // 10}%)"))
        parts.append(_box(x - 8, y + 190, 16, 60, "#4d3622"))
    return "".join(parts)


def _castle(r: Random) -> str:
    hue = r.randrange(20, 50)
    wall, roof = f"hsl({hue} 22% 62%)", f"hsl({(hue + 320) % 360} 50% 38%)"
    parts = [_box(0, 0, 900, 600, f"hsl({r.randrange(195, 225)} 60% 80%)"), _box(0, 500, 900, 100, "#6f8f56")]
    parts.append(_box(220, 330, 460, 190, wall))
    for x, low, high in ((180, 180, 260), (405, 130, 210), (630, 180, 260)):
        y = r.randrange(low, high)
        parts += [_box(x, y, 90, 520 - y, wall), _shape(f"M{x - 12} {y}h114l-57 -95Z", roof)]
        parts.append(_box(x + 34, y + 60, 22, 44, "#333"))
    return "".join(parts) + _shape("M410 520v-80a40 44 0 0 1 80 0v80Z", "#3b2a1e")


def _painting(r: Random) -> str:
    parts = [_box(0, 0, 900, 600, "#d9d4cb"), _box(150, 80, 600, 430, "#8b6b3d"), _box(175, 105, 550, 380, "#f7f3e9")]
    for _ in range(9):
        size = 40 + r.randrange(120), 40 + r.randrange(110)
        parts.append(_box(200 + r.randrange(380), 130 + r.randrange(220), *size, f"hsl({r.randrange(360)} 70% 55%)"))
    return "".join(parts)


_SCENES: dict[str, tuple[str, Callable[[Random], str]]] = {
    "Concert": ("stage", _concert),
    "Mountain": ("travel", _mountain),
    "Beach": ("travel", _beach),
    "Woodland": ("nature", _forest),
    "Castle": ("travel", _castle),
    "Painting": ("museum", _painting),
}
"""What a picture shows, by its most confident label: its folder, and how it is drawn."""
