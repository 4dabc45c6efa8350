"""Makes the README's pictures: the real service, a real browser, one Friday night. `make screenshots`."""

import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
NIGHT = "2026-11-20T22:14"
SAID = (
    "Guten Abend, die Straßenlaterne vor der Heidener Straße 12 ist aus",
    "noch was anderes: wir suchen für unseren Sohn ab März einen Kitaplatz, an wen wenden wir uns?",
    "im Treppenhaus riecht es seit einer Stunde komisch nach Gas",
)
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


@contextmanager
def service(state: Path) -> Iterator[tuple[str, str]]:
    """(address, first password) of a house that runs as long as the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "bot", "--state", str(state), "serve", "--clock", NIGHT, "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield f"http://localhost:{port}", _password(process)
        finally:
            process.terminate()


def _password(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    for line in process.stdout:
        if found := re.search(r"Kennwort ([a-z0-9-]+)", line):
            return found.group(1)
    raise SystemExit("the house did not start; try make run")


def chat(browser: Browser, base: str) -> None:
    """A citizen's evening, on a desktop and on a telephone."""
    page = browser.new_page(locale="de-DE", viewport={"width": 820, "height": 1100})
    page.goto(base)
    for number, text in enumerate(SAID, start=1):
        page.fill("textarea", text)
        page.click("button.primary")
        page.wait_for_function("n => document.body.innerText.split('Nr. BOR-').length > n", arg=number)
    page.wait_for_timeout(500)
    page.evaluate("window.scrollTo(0, document.querySelector('textarea').offsetTop - 1150)")
    page.screenshot(path=IMAGES / "chat.png")
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=IMAGES / "chat-phone.png")


def desk(browser: Browser, base: str, password: str) -> None:
    """The morning after."""
    page = browser.new_page(locale="de-DE", viewport={"width": 1180, "height": 620})
    _log_in(page, base, password)
    page.screenshot(path=IMAGES / "desk.png")
    page.locator("a[href*='/desk/cases/']").first.click()
    page.wait_for_load_state()
    page.screenshot(path=IMAGES / "desk-case.png", full_page=True)


def _log_in(page: Page, base: str, password: str) -> None:
    page.goto(f"{base}/desk")
    page.fill("input[name=name]", "admin")
    page.fill("input[type=password]", password)
    page.press("input[type=password]", "Enter")
    page.wait_for_selector("a[href*='/desk/cases/']")


def main() -> None:
    """Writes docs/images/*.png."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        state = Path(folder)
        shutil.copytree(ROOT / "var" / "borken" / "models", state / "models")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        with service(state) as (base, password):
            time.sleep(3)  # the model is taken up in the background
            chat(browser, base)
            desk(browser, base, password)
        browser.close()


if __name__ == "__main__":
    main()
