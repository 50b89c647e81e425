"""The browser of the tests: the machine's Chromium with fonts of usual width, installed where this machine lets us.

`make tools` runs this file. What cannot be had is named in one line, and the tests do not start.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ("chromium", "fonts-liberation")
FONTS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")


def program() -> str | None:
    """Where the browser is: the machine's, else the one that Playwright has fetched."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is not None:
        return found
    fetched = sorted((Path.home() / ".cache/ms-playwright").glob("chromium-*/chrome-linux*/chrome"))
    return str(fetched[-1]) if fetched else None


def has_fonts() -> bool:
    """Whether Liberation is there, whose letters are as wide as Arial's: without it pages are wider than people's."""
    return any(next(folder.rglob("LiberationSans-Regular.*"), None) is not None for folder in FONTS if folder.is_dir())


def make_ready() -> str | None:
    """Installs what is missing. Gives what could not be had, in words."""
    if (program() is None or not has_fonts()) and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium and its fonts for the tests", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
        plain = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "-qq", "update"], check=False, env=plain, **quiet)
        subprocess.run(["apt-get", "-qq", "install", *PACKAGES], check=False, env=plain, **quiet)
    if program() is None:
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    missing = [name for name, there in zip(PACKAGES, (program(), has_fonts()), strict=True) if not there]
    return " and ".join(missing) or None


if __name__ == "__main__":
    if missing := make_ready():
        sys.exit(
            f"The tests need {missing}, which could not be installed here: sudo apt-get install {' '.join(PACKAGES)}"
        )
