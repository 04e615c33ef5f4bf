"""A real browser without a window, driven over its DevTools pipe: Chromium, where there is one."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Optional

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_KEYS = {"ArrowRight": 39, "ArrowLeft": 37, "ArrowUp": 38, "ArrowDown": 40, "Enter": 13, "Tab": 9}


def chromium() -> Optional[str]:
    """Return the path of the browser; None where there is none."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


class Browser:
    """One page of a browser. It keeps the network requests and the error messages."""

    def __init__(self, width: int = 1280, height: int = 800) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self._folder = tempfile.TemporaryDirectory()
        self._number = 0
        self._buffer = b""
        self._session: Optional[str] = None
        their_in, self._out = os.pipe()
        self._in, their_out = os.pipe()
        # the browser reads its file 3 and writes its file 4; the shell puts the pipes there
        command = f'exec "$0" "$@" 3<&{their_in} 4>&{their_out}'
        options = (
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            f"--user-data-dir={self._folder.name}",
            "--remote-debugging-pipe",
            "about:blank",
        )
        self._process = subprocess.Popen(
            ["bash", "-c", command, str(chromium()), *options],
            pass_fds=(their_in, their_out),
            env={**os.environ, "HOME": self._folder.name, "XDG_CONFIG_HOME": self._folder.name},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(their_in)
        os.close(their_out)
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self.ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")
        self.resize(width, height)

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        try:
            self._session = None
            self.ask("Browser.close")
            self._process.wait(20)
        finally:
            self._process.kill()
            self._process.wait()
            os.close(self._in)
            os.close(self._out)
            self._folder.cleanup()

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send one command, and return its answer."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer["error"]
                result: dict[str, Any] = answer["result"]
                return result

    def _read(self) -> dict[str, Any]:
        """Return the next message. Keep it if it is a request or an error message."""
        end = time.monotonic() + 60
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._in], [], [], max(0.0, end - time.monotonic()))
            chunk = os.read(self._in, 1 << 16) if ready else b""
            assert chunk, "the browser does not answer"
            self._buffer += chunk
        text, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        given = message.get("params", {})
        if message.get("method") == "Network.requestWillBeSent":
            self.requests.append(given["request"]["url"])
        if message.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(str(given["exceptionDetails"]))
        if message.get("method") == "Log.entryAdded":
            self.complaints.append(given["entry"]["text"])
        return message

    def open(self, path: Path, fragment: str = "") -> None:
        """Open a file, and wait until it is loaded."""
        self.ask("Page.navigate", url="about:blank")
        self.requests.clear()
        self.complaints.clear()
        self.ask("Page.navigate", url=path.as_uri() + fragment)
        while self.run("document.readyState") != "complete" or self.run("location.href") == (
            "about:blank"
        ):
            time.sleep(0.02)

    def run(self, code: str) -> Any:
        """Return the value of a JavaScript expression in the page."""
        answer = self.ask("Runtime.evaluate", expression=code, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def text(self, selector: str) -> str:
        """Return the text of the first such element."""
        found: str = self.run(f"document.querySelector({json.dumps(selector)}).textContent")
        return found

    def press(self, *keys: str) -> None:
        """Press keys one after another, as a person does: ``"ArrowRight"``, ``"e"``."""
        for key in keys:
            given = {"key": key, "windowsVirtualKeyCode": _KEYS.get(key, 0)}
            written = {"text": "\r" if key == "Enter" else key}
            down = {**given, **(written if key not in _KEYS or key == "Enter" else {})}
            self.ask("Input.dispatchKeyEvent", type="keyDown", **down)
            self.ask("Input.dispatchKeyEvent", type="keyUp", **given)

    def resize(self, width: int, height: int, phone: bool = False) -> None:
        """Take the size of a window, or of a phone's screen."""
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if phone else 1,
            mobile=phone,
        )

    def dark(self, on: bool = True) -> None:
        """Prefer dark colours, or light ones."""
        features = [{"name": "prefers-color-scheme", "value": "dark" if on else "light"}]
        self.ask("Emulation.setEmulatedMedia", features=features)

    def without_scripts(self, off: bool = True) -> None:
        """Disable scripts on pages opened from now on."""
        self.ask("Emulation.setScriptExecutionDisabled", value=off)

    def picture(self, path: Path) -> None:
        """Write a screenshot as a PNG."""
        path.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot")["data"]))
