"""Chromium as an npm package brings it: headless, without root, with its own libraries and fonts beside it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from local.core.errors import LocalError
from local.core.paths import PROJECT

UNPACKED = PROJECT / ".tools" / "chromium"
REBOUND = "rebound.example"
"""A name that leads to this machine, as another site's owner may have it; no other name leads anywhere."""

_OPTIONS = [
    "--no-sandbox",  # Chromium refuses its sandbox where root starts it, as in containers
    "--font-render-hinting=none",  # the same pixels on every machine
    f"--host-resolver-rules=MAP {REBOUND} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{unpacked}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <selectfont><rejectfont>
    <glob>/usr/share/fonts/*Italic*</glob><glob>/usr/share/fonts/*Oblique*</glob><glob>/usr/share/fonts/*Serif*</glob>
  </rejectfont></selectfont>
  <cachedir>{folder}/fonts</cachedir>
  <alias binding="strong"><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
  <alias binding="strong"><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
</fontconfig>
"""


@contextmanager
def running_chromium(folder: Path) -> Iterator[Browser]:
    """Run Chromium while the block runs; all that it writes goes into ``folder``.

    Raises ``LocalError`` if it is not unpacked.
    """
    binary = UNPACKED / "chromium"
    if not binary.exists():
        raise LocalError(f"{binary.relative_to(PROJECT)} is not there: run `make browser`.")
    fonts = folder / "fonts.conf"
    fonts.write_text(_FONTS.format(unpacked=UNPACKED, folder=folder))
    environment: dict[str, str | float | bool] = {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "LD_LIBRARY_PATH": str(UNPACKED / "al2023" / "lib"),
        "FONTCONFIG_FILE": str(fonts),
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=binary, args=_OPTIONS, env=environment)
        try:
            yield browser
        finally:
            browser.close()
