"""Makes the gallery: pictures of the demo's pages, for those who want to see the product without running it.

`make gallery` runs this against a demo of its own (kept in data/gallery.db) and writes docs/gallery.md with its pictures.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

from app.demo.accounts import DOMAIN, PASSWORD, TEAM, officer
from tests import browser as chromium
from tests.journeys.arguments import ARGUMENTS

DOCS = Path(__file__).resolve().parent
PICTURES = DOCS / "gallery"
PORT = 8377
ADDRESS = f"http://127.0.0.1:{PORT}"
OVM = officer("RJ1")


@dataclass(frozen=True)
class Picture:
    """One picture: who looks at which page. With `first`, at the first thing in its table; then along the links of `along`."""

    name: str
    title: str
    email: str | None
    path: str
    first: bool = False
    width: int = 1280
    along: tuple[str, ...] = ()


GALLERY = (
    Picture("sign-in", "Signing in", None, "/sign-in"),
    Picture("trust-home", "A trust's home: this month's return, and what is still open", OVM, "/"),
    Picture("trust-home-phone", "The same on a phone", OVM, "/", width=360),
    Picture("upload", "Uploading a return", OVM, "/returns/upload?organisation=RJ1&period=2026-10"),
    Picture("returns", "A trust's returns", OVM, "/returns"),
    Picture("return", "One return: what was taken, what came back and why", OVM, "/returns", first=True),
    Picture("rows-to-mend", "Rows to mend", OVM, "/open-rows"),
    Picture("debts", "A trust's debts", OVM, "/debts"),
    Picture("debt", "One debt with its history", OVM, "/debts", first=True),
    Picture("register", "The register, for the Debtors Team", TEAM, "/debts?status=outstanding"),
    Picture("team-home", "The Debtors Team's home", TEAM, "/"),
    Picture("matches", "Possible matches, for the Debtors Team", TEAM, "/matches"),
    Picture("match", "Two persons who may be one, side by side", TEAM, "/matches", first=True),
    Picture("releases", "Releases, for the Debtors Team", TEAM, "/releases"),
    Picture("release-checking", "A release whose sample is to be checked", TEAM, "/releases", first=True),
    Picture(
        "release-sample",
        "A line of the sample beside its source",
        TEAM,
        "/releases",
        first=True,
        along=("Check the next line",),
    ),
    Picture(
        "release",
        "A release that has left: its files, and what the recipient answered",
        TEAM,
        "/releases",
        along=("Release 1",),
    ),
    Picture(
        "release-funnel",
        "What became of a release's lines at each organisation",
        TEAM,
        "/releases",
        along=("Release 1", "What became of the lines of each organisation"),
    ),
    Picture("release-quality", "What the samples of releases found", TEAM, "/reports/release-quality"),
    Picture("extracts", "Extracts of the register: for whom, and why", f"board@{DOMAIN}", "/extracts"),
    Picture("data-sharing", "Every way by which data leaves", f"board@{DOMAIN}", "/data-sharing"),
    Picture("dispute", "A dispute, as the trust answers it", OVM, "/disputes", first=True),
    Picture("status-check", "An urgent check at the border", f"border@{DOMAIN}", "/status-checks", width=360),
    Picture("lpm-home", "A Local Partnership Manager's month", f"lpm@{DOMAIN}", "/"),
    Picture("lpm-home-phone", "The same on a phone", f"lpm@{DOMAIN}", "/", width=360),
    Picture("submissions", "Who has submitted: a year of organisations and months", f"lpm@{DOMAIN}", "/submissions"),
    Picture("not-submitted", "Who has not submitted, and whom to ask", f"lpm@{DOMAIN}", "/submissions/missing"),
    Picture("rates", "Rates, each with what it counts", f"lpm@{DOMAIN}", "/submissions/rates"),
    Picture("reminders", "Reminders of a month", f"lpm@{DOMAIN}", "/reminders"),
    Picture("report", "A report: debts by status", TEAM, "/reports/debt-by-status"),
    Picture("board-pack", "The month for the Cost Recovery Board, to print", f"board@{DOMAIN}", "/reports/board-pack"),
    Picture("obligations", "Who owes returns, for an administrator", f"admin@{DOMAIN}", "/obligations"),
    Picture("periods", "Months and their due dates", TEAM, "/periods"),
    Picture("board-home", "The Cost Recovery Board's home", f"board@{DOMAIN}", "/"),
    Picture("users", "Users, for an administrator", f"admin@{DOMAIN}", "/users"),
    Picture("guidance", "Guidance, made from the columns and the rules", None, "/guidance"),
)


@contextmanager
def demo() -> Iterator[None]:
    """The demo, served until the pictures are taken."""
    settings = {"DEBTOR_RETURNS_DATABASE_URL": os.environ.get("GALLERY_DATABASE", "sqlite:///data/gallery.db")}
    command = [sys.executable, "-c", "from app.cli import main; main()", "demo", "--port", str(PORT)]
    process = subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            if process.poll() is not None:
                sys.exit(f"The demo ended with {process.returncode}. Is port {PORT} in use?")
            try:
                with urlopen(f"{ADDRESS}/health/ready", timeout=2):
                    break
            except (URLError, OSError):
                time.sleep(1)
        yield
    finally:
        process.terminate()
        process.wait(30)


def take(browser: Browser, picture: Picture) -> None:
    context = browser.new_context(viewport={"width": picture.width, "height": 800}, base_url=ADDRESS)
    page = context.new_page()
    if picture.email:
        _sign_in(page, picture.email)
    page.goto(picture.path)
    if picture.first:
        page.locator("main table a").first.click()
    for name in picture.along:
        page.locator("main a", has_text=re.compile(rf"^\s*{name}\s*$")).first.click()
    page.wait_for_load_state("networkidle")
    height = min(page.evaluate("document.documentElement.scrollHeight"), 1600)
    page.set_viewport_size({"width": picture.width, "height": height})
    page.screenshot(path=PICTURES / f"{picture.name}.jpg", type="jpeg", quality=55)
    context.close()


def set_out(browser: Browser) -> None:
    """A release that waits for its sample, and an extract: what the demo leaves to its reader."""
    context = browser.new_context(base_url=ADDRESS)
    page = context.new_page()
    _sign_in(page, TEAM)
    page.goto("/releases")
    if (button := page.get_by_role("button", name="Prepare a release")).count():
        button.click()
        page.get_by_label("Changes").check()
        page.get_by_label("What is it for?").fill("Monthly load")
        page.get_by_role("button", name="Prepare the release").click()
    page.goto("/extracts")
    if page.get_by_text("No extract has been made yet").count():
        why = {"recipient": "Cost Recovery Board", "purpose": "Quarterly review of large debts", "min_amount": "10000"}
        assert context.request.get("/api/v1/consolidated.csv", params=why).ok
    context.close()


def _sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{ADDRESS}/")


def index() -> str:
    lines = ["# Gallery", "", "Pictures of the demo, made by `make gallery`. Every person in them is invented.", ""]
    for picture in GALLERY:
        lines += [f"## {picture.title}", "", f"![{picture.title}](gallery/{picture.name}.jpg)", ""]
    return "\n".join(lines)


def main() -> None:
    """All pictures, or those whose names are given."""
    PICTURES.mkdir(exist_ok=True)
    wanted = sys.argv[1:] or [picture.name for picture in GALLERY]
    with demo(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.program(), args=ARGUMENTS)
        set_out(browser)
        for picture in GALLERY:
            if picture.name in wanted:
                take(browser, picture)
        browser.close()
    (DOCS / "gallery.md").write_text(index())


if __name__ == "__main__":
    main()
