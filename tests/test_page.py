"""The page of ``tinynn step --format html``: the sheet where no script runs, else a stepper."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Optional
from urllib.parse import unquote

import pytest

from tests.helpers.browser import Browser, chromium
from tests.terminal import run
from tests.test_stepping import DIGIT, SCENES, XOR
from tinynn import Network, load_digits
from tinynn.cli import main
from tinynn.stepper import record
from tinynn.stepper.names import neurons, quantity
from tinynn.stepper.navigation import Cursor
from tinynn.stepper.scenes import Scene, network_scene
from tinynn.views.page import page_lines
from tinynn.views.worksheet import Line, sections

_VOID = {"meta", "link", "input", "br"}


def page(scene: Scene, fold: bool = True) -> str:
    """The whole page."""
    return "\n".join(page_lines(scene, list(sections(scene, fold=fold))))


def lines_of(scene: Scene) -> list[Line]:
    """The lines of its sheet."""
    return [line for part in sections(scene) for line in part.lines]


class Elements(HTMLParser):
    """What a page is made of; every element has to be closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, Optional[str]]]] = []
        self.texts: list[tuple[str, str]] = []  # with the element that holds each
        self.open: list[str] = []
        self.declared = ""
        self.feed(text)
        self.close()
        assert not self.open

    def handle_decl(self, decl: str) -> None:
        self.declared = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Optional[str]]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"{tag}: an attribute twice"
        self.found.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> on line {self.getpos()[0]}"

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts.append((self.open[-1], data))

    def all(self, tag: str) -> list[dict[str, Optional[str]]]:
        """The attributes of every such element."""
        return [attributes for name, attributes in self.found if name == tag]

    def text(self, *tags: str) -> str:
        """What is read: all text, or that of some elements."""
        unread = ("script", "style")
        return "".join(t for tag, t in self.texts if (tag in tags if tags else tag not in unread))


# Without a browser.


@pytest.mark.parametrize("name", sorted(SCENES))
def test_the_page_is_whole_html(name: str) -> None:
    """A doctype, a language, a title, UTF-8; every element closed, every id once, no dead link."""
    elements = Elements(page(SCENES[name]))
    assert elements.declared == "DOCTYPE html"
    assert elements.all("html") == [{"lang": "en"}]
    assert elements.all("meta")[0] == {"charset": "utf-8"}
    assert elements.text("title") == SCENES[name].title
    ids = [attributes["id"] for _, attributes in elements.found if "id" in attributes]
    assert len(set(ids)) == len(ids)
    for link in elements.all("a"):
        assert unquote((link["href"] or "")[1:]) in ids


def test_the_page_fetches_nothing() -> None:
    """No address of another file; the browser may load none, and runs one script."""
    text = page(XOR)
    elements = Elements(text)
    addresses = [a[key] for _, a in elements.found for key in ("src", "href") if key in a]
    assert all((address or "").startswith(("#", "data:,")) for address in addresses)
    assert "@import" not in text
    assert "url(" not in text
    policy = next(a["content"] for a in elements.all("meta") if "http-equiv" in a) or ""
    assert policy.startswith("default-src 'none'; ")
    script = text.rpartition("<script>")[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy


@pytest.mark.parametrize("name", sorted(SCENES))
def test_the_page_reads_as_the_sheet_does(name: str) -> None:
    """Every line in its order, with source, symbols, numbers, result and the sum in full."""
    rest = Elements(page(SCENES[name])).text()
    for part in sections(SCENES[name]):
        for text in (f"({part.number}) {part.place}", part.formula, part.source):
            assert text in rest, text
        for line in part.lines:
            shown = [str(line.place), line.step.source]
            shown += [] if line.folded else [" = ".join(line.forms), line.result]
            shown += [f"in full: {' = '.join(line.whole)}"] if line.whole else []
            for text in filter(None, shown):
                _, found, rest = rest.partition(text)
                assert found, f"step {line.place}: {text}"
    assert rest.strip().endswith(SCENES[name].outcome)


def hostile(x: list[float]) -> float:
    """</script><script>alert(1)</script>"""
    y = x[0] + 1.0  # </script><!--<script> & "quoted" ]]>
    return y * 2.0 if "</p>" < "<b>&amp;" else y


def test_nothing_that_is_shown_can_break_out_of_the_page() -> None:
    """A title, a caption, a line of source: angle brackets stay text, in the sheet and in JSON."""
    with record(hostile) as steps:
        hostile([1.0])
    evil = "</title></script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&lt;"
    scene = Scene(evil, steps, (evil,), evil)
    text = page(scene)
    elements = Elements(text)
    assert len(elements.all("script")) == 2
    assert not elements.all("img")
    assert elements.text("title") == elements.text("h1") == evil
    data = json.loads(text.partition('id="recording">')[2].partition("</script>")[0])
    assert data["captions"] == [evil]
    assert '# </script><!--<script> & "quoted" ]]>' in str(data["sources"])


def test_a_small_page_is_small_and_a_digit_is_folded() -> None:
    """2-2-1 in under 100 kB, the 7,294 steps of 64-30-10 in under 800 kB."""
    assert len(page(XOR).encode()) < 100_000
    scene = network_scene(Network([64, 30, 10], seed=0), *load_digits().test[4])
    assert len(scene.steps) == 7294
    text = page(scene)
    assert len(text.encode()) < 800_000
    assert len(re.findall(r"<span>… \d+ more terms</span>", text)) == 176  # of 40 long sums


def test_every_term_of_a_long_sum_is_on_the_page() -> None:
    """The sheet shows three; a click opens all sixty-four."""
    text = page(DIGIT)
    sums = re.findall(r"<details><summary>.*?</summary>(.*?)</details>", text)
    assert all(f"w^2_1,{k} a^1_{k} + " in sums[0] for k in range(10, 65))
    assert "…" not in "".join(sums)


def test_the_command_writes_the_page_to_a_file_or_prints_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--save says how large it is; only the lines asked for; --save alone is refused."""
    path = tmp_path / "step.html"
    assert main(["step", "--format", "html", "--save", str(path)]) == 0
    assert re.fullmatch(rf"{re.escape(str(path))}: \d+ kB\n", capsys.readouterr().out)
    assert main(["step", "--format", "html"]) == 0
    assert capsys.readouterr().out == path.read_text(encoding="utf-8")
    assert "δ^2_1 = 0.00" in path.read_text(encoding="utf-8")
    assert main(["step", "--format", "html", "--equation", "BP2"]) == 0
    assert re.findall(r"<h2>(.*)</h2>", capsys.readouterr().out) == ["(BP2) layer 2"]
    for arguments, words in ((["--save", str(path)], " needs"), (["--save", ""], ": expected")):
        assert main(["step", *(["--format", "html"] * (not arguments[1])), *arguments]) == 2
        assert capsys.readouterr().err.startswith(f"tinynn step: --save{words}")


def test_the_printed_page_is_utf_8_whatever_the_terminal_is() -> None:
    """As it says of itself: δ^2_1 is no question mark."""
    for encoding in ("latin-1", "ascii"):
        done = subprocess.run(
            [sys.executable, "-m", "tinynn", "step", "--format", "html"],
            env={**os.environ, "PYTHONIOENCODING": encoding},
            capture_output=True,
            check=True,
        )
        assert "δ^2_1 = 0.00" in done.stdout.decode("utf-8")


def test_the_view_runs_by_itself(tmp_path: Path) -> None:
    """`python -m tinynn.views.page page.html`, and without a file."""
    path = tmp_path / "page.html"
    command = [sys.executable, "-m", "tinynn.views.page"]
    subprocess.run([*command, str(path)], check=True)
    done = run("step", "--format", "html")
    headings = [re.findall(r"<h2>.*", text) for text in (path.read_text("utf-8"), done.stdout)]
    assert headings[0] == headings[1]
    assert len(headings[0]) > 10


# In a browser.


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A page of a real Chromium."""
    if chromium() is None or os.name == "nt":
        pytest.skip("needs chromium: on Debian, apt-get install chromium")
    with Browser() as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the page of every scene."""
    found = tmp_path_factory.mktemp("pages")
    for name, scene in SCENES.items():
        (found / f"{name}.html").write_text(page(scene), encoding="utf-8")
    return found


def at(browser: Browser) -> int:
    """The number of the step that is shown."""
    return int(browser.text("#at").split()[1].replace(",", ""))


def texts(browser: Browser, selector: str) -> list[str]:
    """The text of every such element."""
    code = f"[...document.querySelectorAll({json.dumps(selector)})].map((each) => each.textContent)"
    found: list[str] = browser.run(code)
    return found


@pytest.mark.parametrize("name", ["xor", "perceptron", "half adder", "valley"])
def test_at_every_line_the_stepper_shows_that_line(
    name: str, browser: Browser, folder: Path
) -> None:
    """Symbols, numbers, result, the marked source, the lit neurons: by → alone, from first to last.

    Nothing but the file is fetched, and nothing goes wrong.
    """
    scene = SCENES[name]
    browser.open(folder / f"{name}.html")
    for line in lines_of(scene):
        assert at(browser) == line.place
        step = line.step
        shown = texts(browser, "#line dd")
        assert shown[0] == step.source
        forms = [text.removeprefix("= ") for text in shown[1 : 1 + len(line.forms)]]
        assert forms == line.forms
        assert shown[1 + len(line.forms)].removesuffix(", the sum so far") == line.result
        assert shown[2 + len(line.forms) :] == ([" = ".join(line.whole)] if line.whole else [])
        marked = "".join(texts(browser, "#code pre [aria-current]"))
        assert " ".join(marked.split()).partition("  #")[0].startswith(step.source)
        assert browser.text("#equation").replace("−", "-") == f"({step.number}){step.formula}"
        if scene.network is not None:
            lit = browser.run("document.querySelector('#picture svg').getAttribute('aria-label')")
            found = [
                (int(l), int(j) - 1) for j, l in re.findall(r"neuron (\d+) of layer (\d+)", lit)
            ]
            assert sorted(found) == sorted(neurons(step))
            assert len(texts(browser, "#picture .ring")) == len(found), "lit by shape too"
        made = quantity(step)
        assert texts(browser, "td.made") == ([f"▶ {line.result.split(' = ')[1]}"] if made else [])
        browser.press("ArrowRight")
    assert browser.text("#message") == "this is the last line"
    assert browser.requests == [(folder / f"{name}.html").as_uri()]
    assert browser.complaints == []


def test_the_connection_of_a_weight_is_lit_and_named(browser: Browser, folder: Path) -> None:
    """The first term of BP2 is about w^3_11 = 2, between neurons 2:1 and 3:1."""
    browser.open(folder / "xor.html", "#BP2")
    assert at(browser) == 20
    assert texts(browser, "#picture .label")[0].replace("\u200a", "") == "w311 = 2"
    assert len(texts(browser, "#picture .edge.lit")) == 1
    assert "0.982" in texts(browser, "#picture text.lit")
    browser.press("ArrowRight", "ArrowRight", "ArrowRight")
    assert texts(browser, "td.used") == ["4"], "z^2_1 is underlined among the numbers"


def move(cursor: Cursor, key: str) -> bool:
    """What a key of the terminal does."""
    if key == "f":
        return cursor.finish_sum()
    ways = {"j": cursor.neuron, "e": cursor.equation, "l": cursor.layer, "n": cursor.line}
    back = {"k": "j", "E": "e", "L": "l", "p": "n"}
    return ways[back.get(key, key)](-1 if key in back else 1)


@pytest.mark.parametrize("name", ["xor", "digit", "valley"])
def test_keys_move_as_in_the_terminal(name: str, browser: Browser, folder: Path) -> None:
    """Next and previous line, neuron, equation and layer, and the end of a sum."""
    browser.open(folder / f"{name}.html")
    cursor = Cursor(SCENES[name].steps)
    for number, key in enumerate("jjjkeejEfnlLLeEllfenpEkL" * 2):
        move(cursor, key)
        browser.press(key)
        assert at(browser) == cursor.place + 1, f"{key}, key {number}"


def test_arrows_up_and_down_scroll_the_page_unless_the_stepper_has_the_focus(
    browser: Browser, folder: Path
) -> None:
    """Then they move from neuron to neuron."""
    browser.open(folder / "xor.html")
    browser.press("ArrowDown")
    assert at(browser) == 1
    browser.run("document.getElementById('stepper').focus()")
    browser.press("ArrowDown")
    assert at(browser) == 4
    browser.press("ArrowUp")
    assert at(browser) == 1


@pytest.mark.parametrize(
    "wanted",
    ["BP2", "bp4", "(20)", "20", "δ^2_1", "d^2_1", "delta^2_2", "a^2_2", "2:2", "neuron 2:1",
     "step 17", "dC/dw^3_12", "nabla_w^2_11", "σ'"],
)  # fmt: skip
def test_what_is_typed_after_the_slash_is_jumped_to(
    wanted: str, browser: Browser, folder: Path
) -> None:
    """The same place as in the terminal; a link may end with it too."""
    cursor = Cursor(XOR.steps)
    assert cursor.jump(wanted.replace("neuron", "").replace("step", "")) or wanted[:5] == "nabla"
    browser.open(folder / "xor.html")
    browser.press("/", *wanted, "Enter")
    if cursor.place:
        assert (at(browser), browser.text("#message")) == (cursor.place + 1, "")
    browser.open(folder / "xor.html", f"#{wanted}")
    assert at(browser) == cursor.place + 1


def test_what_is_not_there_is_said_and_moves_nothing(browser: Browser, folder: Path) -> None:
    """BP9, a bad escape in a link, a step past the end."""
    for fragment in ("#BP9", "#%E0%A4%A", "#step-999", "#step-0", "#<img>"):
        browser.open(folder / "xor.html", fragment)
        assert at(browser) == 1
        assert browser.complaints == []
    browser.press("/", *"BP9", "Enter")
    assert browser.text("#message") == "there is no BP9 on this page"


def test_the_slider_the_buttons_and_the_links_move_too(browser: Browser, folder: Path) -> None:
    """A pointer does all that keys do, and the address names the step."""
    browser.open(folder / "xor.html")
    browser.run("document.getElementById('slider').focus()")
    browser.press("ArrowRight", "ArrowRight")
    assert at(browser) == 3
    spoken = browser.run("document.getElementById('slider').getAttribute('aria-valuetext')")
    assert spoken == "step 3 of 49, (z) layer 2, j = 1: z^2_1 = 4"
    for button, place in (("on", 4), ("back", 3), ("neuron-on", 4), ("equation-on", 7),
                          ("equation-back", 1), ("sum", 3), ("neuron-back", 1)):  # fmt: skip
        browser.run(f"document.getElementById('{button}').click()")
        assert at(browser) == place, button
    browser.run("document.querySelector('nav a[href=\"#(BP2)\"]').click()")
    assert (at(browser), browser.run("location.hash")) == (20, "#step-20")
    assert texts(browser, "nav [aria-current]") == ["(BP2) layer 2"]
    browser.run("document.getElementById('sheet').open = true")
    browser.run("document.querySelector('#sheet a[href=\"#step-23\"]').click()")
    assert at(browser) == 23


def test_a_digit_is_stepped_through_too(browser: Browser, folder: Path) -> None:
    """Sixty-four inputs are a picture; a term in the middle of a folded sum is found; sums open."""
    browser.open(folder / "digit.html", "#∂C/∂w^2_3,40")
    assert "more entries: steps" in texts(browser, "#line dd")[1]
    assert len(texts(browser, "#picture rect.neuron")) == 64
    browser.open(folder / "digit.html", "#z^2_2")
    browser.run("document.querySelector('#line summary').click()")
    assert "w^2_2,33 a^1_33 + w^2_2,34 a^1_34" in browser.text("#line details")
    assert browser.complaints == []


def test_a_circuit_lists_its_gates_with_their_answers(browser: Browser, folder: Path) -> None:
    """A scene without a network has its calls in place of the picture, the current one marked."""
    browser.open(folder / "half adder.html", "#step-5")
    listed = texts(browser, "#picture li")
    assert listed[0].endswith("NAND(x1, x2)  →  0")
    assert listed[1].startswith("▶ g2 = NAND")


def test_without_a_script_the_sheet_is_there_and_no_dead_button(
    browser: Browser, folder: Path
) -> None:
    """The contents lead to the sections of the sheet."""
    browser.without_scripts()
    try:
        browser.ask("Page.navigate", url=(folder / "xor.html").as_uri())
        tree, end = "", time.monotonic() + 60
        while "before this step" not in tree and time.monotonic() < end:  # its last line
            nodes = browser.ask("Accessibility.getFullAXTree")["nodes"]
            tree = "\n".join(str(node.get("name", {}).get("value", "")) for node in nodes)
        roles = {node.get("role", {}).get("value") for node in nodes if not node["ignored"]}
    finally:
        browser.without_scripts(False)
    assert "δ^2_1 = 0.00" in tree
    assert "slider" not in roles
    assert "button" not in roles


def test_an_evil_recording_does_nothing_in_a_browser(browser: Browser, tmp_path: Path) -> None:
    """Its text is shown as text, in the stepper too."""
    evil = "</script><script>document.title = 'broken'</script><img src=x onerror=alert(1)>"
    with record(hostile) as steps:
        hostile([1.0])
    path = tmp_path / "evil.html"
    path.write_text(page(Scene("t", steps, (evil,), evil)), encoding="utf-8")
    browser.open(path)
    assert browser.text("title") == "t"
    assert evil in browser.text("#picture")
    assert browser.run("document.images.length") == 0
    assert (browser.complaints, len(browser.requests)) == ([], 1)


def brightness(colour: str) -> float:
    """The relative luminance of ``rgb(r, g, b)``."""
    parts = [int(number) / 255 for number in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("dark", [False, True])
def test_words_can_be_read_in_light_and_in_dark(dark: bool, browser: Browser, folder: Path) -> None:
    """A contrast of 4.5 at least, of everything that is written."""
    browser.dark(dark)
    try:
        browser.open(folder / "xor.html", "#δ^2_1")
        pairs: Sequence[Sequence[str]] = browser.run("""(() => {
            const under = (each) => {
              const colour = getComputedStyle(each).backgroundColor;
              return colour === "rgba(0, 0, 0, 0)" ? under(each.parentElement) : colour;
            };
            return [...document.querySelectorAll("header *, #stepper *:not(svg *), summary")]
              .filter((each) => each.offsetParent && each.textContent.trim() && !each.disabled)
              .map((each) => [each.outerHTML, getComputedStyle(each).color, under(each)]);
        })()""")
    finally:
        browser.dark(False)
    assert len(pairs) > 100
    assert all((brightness(below) < 0.05) == dark for name, _, below in pairs if "<h1" in name)
    for name, above, below in pairs:
        high, low = sorted([brightness(above), brightness(below)], reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, name


@pytest.mark.slow
def test_it_fits_a_phone(browser: Browser, folder: Path) -> None:
    """Nothing sticks out at 390 and 320 pixels; the arrows are at hand, as wide as a thumb."""
    try:
        for name in SCENES:
            for width in (390, 320):
                browser.resize(width, 700, phone=True)
                browser.open(folder / f"{name}.html")
                browser.run("document.getElementById('sheet').open = true")
                assert browser.run("document.documentElement.scrollWidth") == width, name
                arrow = browser.run(
                    "(({width, height, bottom}) => [width, height, bottom])"
                    "(document.getElementById('on').getBoundingClientRect())"
                )
                assert min(arrow[:2]) >= 44
                assert arrow[2] <= 700
    finally:
        browser.resize(1280, 800)


def test_the_focus_of_the_keyboard_can_be_seen(browser: Browser, folder: Path) -> None:
    """Tab goes to the links, the source, the slider, the buttons, each with an outline."""
    browser.open(folder / "xor.html", "#step-10")
    visited = []
    for _ in range(30):
        browser.press("Tab")
        name, style, width = browser.run(
            "(({outlineStyle, outlineWidth}) => [document.activeElement.id || "
            "document.activeElement.tagName, outlineStyle, outlineWidth])"
            "(getComputedStyle(document.activeElement))"
        )
        visited.append(name)
        assert name == "BODY" or (style, width) == ("solid", "3px"), name
    assert {"A", "stepper", "slider", "back", "on", "equation-on", "wanted"} <= set(visited)


def test_the_printed_page_is_the_whole_sheet(browser: Browser, folder: Path) -> None:
    """Closed on the screen, open on paper."""
    browser.open(folder / "xor.html")
    assert not browser.run("document.getElementById('sheet').open")
    browser.run("window.dispatchEvent(new Event('beforeprint'))")
    assert browser.run("document.getElementById('sheet').open")
    assert "δ^2_1 = 0.00" in browser.text("#sheet")


def test_a_copied_formula_reads_as_in_the_book(browser: Browser, folder: Path) -> None:
    """The indices stand above one another, and the text under them is unchanged."""
    browser.open(folder / "xor.html", "#BP2")
    assert browser.text("#equation") == "(BP2)δ^l_j = Σ_k w^{l+1}_kj δ^{l+1}_k σ'(z^l_j)"
    assert len(texts(browser, "#equation .both")) == 4


def test_a_scene_without_captions_or_network_has_a_page(browser: Browser, tmp_path: Path) -> None:
    """The picture stays away, the rest is there."""
    path = tmp_path / "bare.html"
    path.write_text(page(replace(XOR, network=None)), encoding="utf-8")
    browser.open(path)
    assert browser.run("document.getElementById('picture').hidden")
    assert browser.text("#line code") == "total += w[j][k] * a[k]"
