// Turns the sheet of this page into a stepper: one line at a time, with its network and numbers.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("recording").textContent);
  const rows = data.rows.map((row) => Object.fromEntries(data.fields.map((f, i) => [f, row[i]])));
  const items = [...document.querySelectorAll("#sheet li[id]")];
  const links = [...document.querySelectorAll("nav a")];
  const sections = new Map([...document.querySelectorAll("#sheet section")].map((part) => [part.id, part]));
  let at = 0;

  function element(tag, attributes, ...children) {
    const space = tag in SVG ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml";
    const made = document.createElementNS(space, tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined && value !== "") made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  }
  const SVG = { svg: 1, g: 1, line: 1, circle: 1, rect: 1, text: 1, tspan: 1, title: 1 };

  // Mathematics. The marks ^ and _ stay in the text, unseen, so that a copy reads as in the book.

  const SCRIPTS = /(\^(\{[^}]*\}|\([^()]*\)|[−-]?[\p{L}\d]+))?(_(\{[^}]*\}|[\p{L}\d]+(?:,[\p{L}\d]+)*))?/uy;
  const LETTER = /(?<![\p{L}\d])\p{L}(?![\p{L}\d])/gu, INDEX = /\p{L}+/gu;

  function mathematics(text) {
    const made = document.createDocumentFragment();
    let plain = "";
    for (let i = 0; i < text.length; ) {
      SCRIPTS.lastIndex = i;
      const [whole, , above, , below] = SCRIPTS.exec(text);
      if (!whole) {
        plain += text[i++];
        continue;
      }
      made.append(...letters(plain));
      plain = "";
      const up = above && script("sup", "^", above);
      const down = below && script("sub", "_", below);
      made.append(up && down ? element("span", { class: "both" }, up, down) : up || down);
      i += whole.length;
    }
    made.append(...letters(plain));
    return made;
  }

  function script(tag, sign, text) {
    const [, open, inner, close] = /^([{(]?)(.*?)([})]?)$/.exec(text);
    const unseen = (marks) => element("span", { class: "mark" }, marks);
    const shown = letters(inner.replace(/-/g, "−"), INDEX);
    return element(tag, null, unseen(sign + open), ...shown, ...(close ? [unseen(close)] : []));
  }

  function letters(text, italic = LETTER) {
    const parts = [];
    let last = 0;
    for (const found of text.matchAll(italic)) {
      parts.push(text.slice(last, found.index), element("var", null, found[0]));
      last = found.index + found[0].length;
    }
    return [...parts, text.slice(last)].filter((part) => part !== "");
  }

  const maths = (text, attributes) => element("span", { ...attributes, class: "m" }, mathematics(text));

  // The names of the numbers.

  function nameOf(entry) {
    const [symbol, layer, ...outer] = data.quantities[entry[0]];
    const indices = [...outer, entry[1]];
    const together = indices.length <= 2 && Math.max(...indices) < 10;
    return `${symbol}${layer === null ? "" : "^" + layer}_${indices.join(together ? "" : ",")}`;
  }
  const same = (one, other) => one && other && one[0] === other[0] && one[1] === other[1];
  const known = (row) => row.known.flatMap(([first, end]) => data.values.slice(first, end));

  // The network: a neuron a circle; of a large layer, a square in a block.

  const HEIGHT = 300, GAP = 130, TOP = 34;
  const nodes = [];
  let width = 0, height = 0;

  function layOut() {
    let x = 8;
    const forms = data.sizes.map((size) => {
      const across = size > 40 ? Math.ceil(Math.sqrt(size)) : 1;
      const high = Math.ceil(size / across);
      const apart = across > 1 ? Math.min(18, 190 / across) : Math.min(96, HEIGHT / size);
      return { size, across, high, apart, r: across > 1 ? apart / 2 : Math.min(25, apart * 0.42) };
    });
    height = TOP + Math.max(...forms.map(({ high, apart }) => high * apart));
    forms.forEach(({ size, across, high, apart, r }, i) => {
      const half = Math.max(25, across * r);
      nodes.push(Array.from({ length: size }, (_, j) => ({
        layer: i + 1, j: j + 1, r, block: across > 1, named: apart >= 2 * r + 22,
        middle: x + half, top: (TOP + height) / 2 - (high * apart) / 2,
        x: x + half + ((j % across) - (across - 1) / 2) * apart,
        y: (TOP + height) / 2 + (Math.floor(j / across) - (high - 1) / 2) * apart,
      })));
      x += 2 * half + GAP;
    });
    width = x - GAP + (forms[forms.length - 1].r < 14 ? 100 : 50);
  }

  /** Draw the network; one that is wider than its frame is moved to what is lit. */
  function drawNetwork(row) {
    const frame = $("picture");
    frame.replaceChildren(network(row));
    const lit = row.lit.map(([layer]) => nodes[layer - 1][0].middle);
    const left = lit.length ? (Math.min(...lit) + Math.max(...lit)) / 2 : 0;
    frame.scrollLeft = (left / width) * frame.scrollWidth - frame.clientWidth / 2;
  }

  const signed = (value) => String(value).replace("-", "−");

  function network(row) {
    const values = known(row);
    const activation = new Map(), wanted = new Map();
    for (const entry of values) {
      const [symbol, layer, ...outer] = data.quantities[entry[0]];
      if (symbol === "a" && !outer.length) activation.set(`${layer}:${entry[1]}`, entry[3]);
      if (symbol === "y" && !outer.length) wanted.set(entry[1], entry[2]);
    }
    const isLit = (node) => row.lit.some(([l, j]) => l === node.layer && j === node.j);
    const lit = nodes.flat().filter(isLit);
    const picture = element("svg", { viewBox: `0 0 ${width} ${height + 22}`, role: "img", style: `min-width: ${0.7 * width}px` });
    const spoken = lit.map((node) => `neuron ${node.j} of layer ${node.layer}`);
    const sizes = data.sizes.join("-");
    picture.setAttribute("aria-label", `a ${sizes} network, lit: ${spoken.join(", ") || "nothing"}`);
    const owner = lit.find((node) => node.layer === row.layer && String(node.j) === row.neuron);
    const others = lit.filter((node) => node !== owner).map((node) => node.layer);
    const pairs = [];
    for (let i = 0; i + 1 < nodes.length; i++) {
      const straight = data.straight.includes(i + 2); // each neuron has one neuron before it
      const few = straight || nodes[i].length * nodes[i + 1].length <= 64;
      for (const left of nodes[i].filter((node) => !isDropped(node))) {
        for (const right of nodes[i + 1]) {
          if (straight && left.j !== right.j) continue;
          const both = lit.includes(left) && lit.includes(right);
          if (both) pairs.push([left, right]);
          else if (few || concerns(left, right) || concerns(right, left)) picture.append(edge(left, right));
        }
      }
    }
    /** Whether a connection is one of the neuron that is computed, on the side that is read. */
    function concerns(one, other) {
      return one === owner && (!others.length || others.includes(other.layer));
    }
    for (const [left, right] of pairs) picture.append(edge(left, right, "edge lit"));
    for (const node of nodes.flat()) picture.append(...neuron(node, isLit(node), activation, wanted));
    for (const [left, right] of pairs) {
      const entry = [row.made, ...row.used].find((each) => isWeight(each, left, right));
      if (entry) picture.append(label(left, right, entry));
    }
    for (const [{ layer, middle }] of nodes) {
      picture.append(element("text", { x: middle, y: 14, class: "layer" }, `layer ${layer}`));
    }
    return picture;
  }

  /** Whether dropout left a neuron out. */
  function isDropped(node) {
    return data.dropped.some(([l, j]) => l === node.layer && j === node.j);
  }

  function edge(left, right, style = "edge") {
    const many = Math.max(nodes[left.layer - 1].length, nodes[right.layer - 1].length) > 200;
    const thin = many && style === "edge" ? "stroke-opacity: .1" : null; // of hundreds side by side
    const ends = { x1: left.x + left.r, y1: left.y, x2: right.x - right.r, y2: right.y };
    return element("line", { ...ends, class: style, style: thin });
  }

  /** Whether an entry of a matrix is that of the connection from left to right. */
  function isWeight(entry, left, right) {
    if (!entry) return false;
    const [, layer, ...outer] = data.quantities[entry[0]];
    return layer === right.layer && outer.length === 1 && outer[0] === right.j && entry[1] === left.j;
  }

  /** The name and the value of a weight, above its connection. */
  function label(left, right, entry) {
    const [across, down] = [right.x - left.x, right.y - left.y];
    const x = (left.x + right.x) / 2, y = (left.y + right.y) / 2 - 10 - 30 * Math.abs(down / across);
    return element("text", { x, y, class: "label" }, ...spans(nameOf(entry)), ` = ${entry[2]}`);
  }

  /** A name such as w^3_11 in an SVG text. */
  function spans(name) {
    const [, base, above, below] = /^([^^_]*)(?:\^([^_]*))?_(.*)$/.exec(name);
    const made = [element("tspan", { "font-style": "italic" }, base)];
    if (above) made.push(element("tspan", { dy: "-0.45em", "font-size": "72%" }, above));
    made.push(element("tspan", { dy: above ? "0.95em" : "0.25em", "font-size": "72%" }, below));
    made.push(element("tspan", { dy: above ? "-0.42em" : "-0.2em" }, "\u200a"));
    return made;
  }

  function neuron(node, lit, activation, wanted) {
    const value = activation.get(`${node.layer}:${node.j}`);
    const { x, y, r } = node;
    const name = `a^${node.layer}_${node.j}`;
    const title = element("title", null, value === undefined ? name : `${name} = ${signed(value)}`);
    const style = (lit ? "neuron lit" : "neuron") + (isDropped(node) ? " dropped" : "");
    const shade = value === undefined ? 0 : Math.max(0, Math.min(1, value));
    const made = [];
    if (node.block) {
      const corner = { x: x - r, y: y - r, width: 2 * r, height: 2 * r };
      const rim = lit ? null : `stroke-width: ${Math.min(0.6, r / 12)}`;
      made.push(element("rect", { ...corner, class: style, style: rim }, title));
      if (!lit) made.push(element("rect", { ...corner, class: "shade", "fill-opacity": shade }));
    } else {
      made.push(element("circle", { cx: x, cy: y, r, class: style }, title));
    }
    if (lit && !node.block) made.push(element("circle", { cx: x, cy: y, r: r + 4, class: "ring" }));
    const shown = value === undefined ? "·" : signed(value);
    if (r >= 14) {
      const size = Math.min(14, r * 0.62);
      const style = `font-size:${size}px`;
      made.push(element("text", { x, y: y + size * 0.35, style, class: lit ? "lit" : "" }, shown));
      if (node.named) made.push(element("text", { x, y: y + r + 17, class: "name" }, ...spans(name)));
    } else if (!node.block) {
      made.push(element("circle", { cx: x, cy: y, r: r * 0.7, class: "shade", "fill-opacity": lit ? 0 : shade }));
    }
    if (lit && r < 14) {
      const text = value === undefined ? spans(name) : [...spans(name), ` = ${shown}`];
      const place = node.block ? { x: node.middle, y: node.top - 8 } : { x: x + r + 9, y: y + 5, style: "text-anchor: start" };
      made.push(element("text", { ...place, class: "label" }, ...text));
    }
    if (node.layer === nodes.length && wanted.has(node.j)) {
      const desired = `y = ${wanted.get(node.j)}`;
      const small = r < 14 && !lit && value !== undefined;
      const x = node.x + r + (lit && r < 14 ? 90 : 8);
      made.push(element("text", { x, y: y + 4, class: "beside" }, small ? `${shown}, ${desired}` : desired));
    }
    return made;
  }

  /** What is no network is a list of calls, such as the gates of a circuit, with their answers. */
  function calls(row) {
    const list = element("ol");
    const answers = new Map();
    for (const each of rows.slice(0, at + 1)) if (each.answer !== null) answers.set(each.call, each.answer);
    for (const call of new Set(rows.map((each) => each.call))) {
      const answer = answers.has(call) ? `  →  ${answers.get(call)}` : "";
      const now = call === row.call;
      list.append(element("li", { "aria-current": now ? "step" : null }, (now ? "▶ " : "") + data.captions[call] + answer));
    }
    return list;
  }

  // The source, its line marked.

  const WORDS = /(#.*$)|\b(?:for|in|if|else|elif|return|while|not|and|or|def|with|raise)\b/g;
  let shownSource = null;

  function source(row) {
    const box = $("code").querySelector("pre");
    const { first, lines } = data.sources[row.source];
    if (shownSource !== row.source) {
      shownSource = row.source;
      $("file").textContent = row.source;
      const wide = String(first + lines.length).length;
      box.replaceChildren(...lines.map((line, i) => {
        const number = String(first + i).padStart(wide);
        const made = element("span", { class: "at", "data-number": number });
        let last = 0;
        for (const found of line.matchAll(WORDS)) {
          made.append(line.slice(last, found.index), element("span", { class: found[1] ? "remark" : "word" }, found[0]));
          last = found.index + found[0].length;
        }
        made.append(line.slice(last) + "\n");
        return made;
      }));
    }
    [...box.children].forEach((line, i) => {
      const now = row.lines[0] <= first + i && first + i <= row.lines[1];
      if (now) line.setAttribute("aria-current", "step");
      else line.removeAttribute("aria-current");
    });
    const marked = box.querySelector("[aria-current]");
    if (marked) box.scrollTop = marked.offsetTop - box.offsetTop - box.clientHeight / 2;
  }

  // The line three ways, taken from the sheet.

  function line(row) {
    const cells = [...items[at].children];
    const text = (cell) => (cell ? cell.dataset.text || cell.textContent : "");
    const forms = [...cells[2].querySelectorAll("span > span")].map(text);
    const result = cells[3].querySelector("b");
    const listed = [["line", element("code", null, cells[1].querySelector("code").textContent)]];
    if (row.first !== row.step) {
      listed.push(["folded", `${forms[0]}: steps ${row.first} to ${row.step} (tinynn step --unfold writes each of them)`]);
    } else {
      const names = ["symbols", "numbers"];
      forms.forEach((form, i) => listed.push([names[i] || "", maths(names[i] ? form : `= ${form}`)]));
    }
    listed.push(["result", element("b", { class: "m" }, mathematics(text(result)))]);
    if (row.is_term && row.first === row.step) listed[listed.length - 1][1] = [listed[listed.length - 1][1], ", the sum so far"];
    if (cells[4]) {
      const [whole, every] = [...cells[4].querySelectorAll(".m")].map(text);
      const shown = [maths(whole.replace(/^in full: /, ""))];
      if (every) shown.push(element("details", null, element("summary", null, "every term"), maths(every)));
      listed.push(["in full", shown]);
    }
    $("line").replaceChildren(...listed.flatMap(([name, shown]) => [
      element("dt", null, name),
      element("dd", { class: name || "numbers" }, ...[shown].flat()),
    ]));
    return text(result);
  }

  // The numbers known by now: those in play, and the latest.

  const ROOM = 8, ACROSS = 12;

  function values(row) {
    const groups = new Map();
    const add = (entry) => {
      if (!groups.has(entry[0])) groups.set(entry[0], new Map());
      groups.get(entry[0]).set(entry[1], entry);
    };
    known(row).forEach(add);
    for (const entry of row.used) if (!groups.get(entry[0])?.has(entry[1])) add(entry);
    const keys = [...groups.keys()];
    const role = (entry) => (same(row.made, entry) ? "made" : row.used.some((each) => same(each, entry)) ? "used" : "");
    const inPlay = keys.filter((key) => [...groups.get(key).values()].some(role));
    const shown = new Set([...inPlay.reverse(), ...keys.reverse()].slice(0, ROOM + inPlay.length));
    const kept = [...shown].slice(0, ROOM);
    const body = element("tbody");
    for (const key of [...groups.keys()].filter((key) => kept.includes(key))) {
      const entries = [...groups.get(key).values()].sort((one, other) => one[1] - other[1]);
      const middle = Math.max(0, entries.findIndex(role));
      const first = Math.max(0, Math.min(middle - ACROSS / 2, entries.length - ACROSS));
      const [symbol, layer, ...outer] = data.quantities[key];
      const name = `${symbol}${layer === null ? "" : "^" + layer}${outer.length ? `_{${outer.join(",")}${","}·}` : ""}`;
      const cells = entries.slice(first, first + ACROSS).map((entry) => {
        const is = role(entry);
        return element("td", { class: is, title: nameOf(entry) }, is === "made" ? "▶ " : "", mathematics(entry[2]));
      });
      if (first) cells.unshift(element("td", null, "…"));
      if (first + ACROSS < entries.length) cells.push(element("td", null, "…"));
      body.append(element("tr", null, element("th", { scope: "row" }, maths(name)), ...cells));
    }
    $("values").firstElementChild.replaceChildren(body);
    $("values").hidden = !kept.length;
  }

  // Moving about.

  function show() {
    const row = rows[at];
    const [number, formula] = data.equations[row.equation];
    $("equation").replaceChildren(element("b", null, `(${number})`), mathematics(formula));
    $("where").textContent = row.where;
    if (nodes.length) drawNetwork(row);
    else if (data.captions.length) $("picture").replaceChildren(calls(row));
    else $("picture").hidden = true;
    source(row);
    const result = line(row);
    values(row);
    document.querySelector("#sheet li[aria-current]")?.removeAttribute("aria-current");
    items[at].setAttribute("aria-current", "step");
    const part = items[at].closest("section");
    for (const link of links) {
      if (sectionOf(link) === part) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
    reveal(links.find((link) => link.hasAttribute("aria-current")));
    const place = `step ${row.step.toLocaleString("en")} of ${data.steps.toLocaleString("en")}`;
    $("slider").value = at;
    $("slider").setAttribute("aria-valuetext", `${place}, (${number}) ${row.where}: ${result}`);
    $("at").textContent = place;
    $("back").disabled = at === 0;
    $("on").disabled = at === rows.length - 1;
    say("");
  }

  function reveal(link) {
    const list = link?.closest("ul");
    if (list && list.scrollWidth > list.clientWidth) {
      list.scrollLeft = link.offsetLeft - list.offsetLeft - list.clientWidth / 2 + link.offsetWidth / 2;
    }
  }

  const sectionOf = (link) => sections.get(decodeURIComponent(link.hash.slice(1)));
  const say = (text) => { $("message").textContent = text; };

  function go(to) {
    const next = Math.max(0, Math.min(to, rows.length - 1));
    const moved = next !== at;
    at = next;
    show();
    if (moved) history.replaceState(null, "", `#step-${rows[at].step}`);
    return moved;
  }

  const move = (way) => go(at + way) || say(way < 0 ? "this is the first line" : "this is the last line");

  /** Go to the first row of the next part of the recording, or of the one before. */
  function past(part, way) {
    let to = at;
    while (rows[to + way] && part(rows[to + way]) === part(rows[at])) to += way;
    if (!rows[to + way]) return way < 0 && to !== at ? go(to) : say("this is the last of them");
    to += way;
    while (way < 0 && to > 0 && part(rows[to - 1]) === part(rows[to])) to--;
    return go(to);
  }

  const neuronOf = (row) => `${row.call} ${row.layer} ${row.neuron}`;
  const equationOf = (row) => row.call;
  const layerOf = (row) => (row.layer === null ? `call ${row.call}` : row.layer);

  function finishSum() {
    const end = rows.findIndex((row) => row.step === rows[at].end);
    return end > at ? go(end) : move(1);
  }

  /** Go to a step (17), an equation (BP2, (20)), a quantity (a^2_3), a neuron (2:3). */
  function jump(wanted) {
    let text = wanted.replace(/\s|^neuron|^step-?/g, "");
    if (/^\d+$/.test(text)) return goToStep(Number(text));
    const number = text.replace(/^\(+|\)+$/g, "").toLowerCase();
    const start = Object.entries(data.typed).find(([typed]) => text.startsWith(typed));
    if (start) text = start[1] + text.slice(start[0].length);
    for (let i = 1; i <= rows.length; i++) {
      const to = (at + i) % rows.length;
      if (matches(rows[to], text, number)) {
        go(to);
        return true;
      }
    }
    return false;
  }

  function matches(row, text, number) {
    if (data.equations[row.equation][2].some((each) => each.toLowerCase() === number)) return true;
    if (row.layer !== null && `${row.layer}:${row.neuron}` === text) return true;
    if (row.made && nameOf(row.made) === text) return true;
    if (!row.made || row.first === row.step) return false;
    const folded = known(row).slice(row.first - row.step - 1); // an entry a step
    return folded.some((entry) => nameOf(entry) === text);
  }

  function goToStep(step) {
    const to = rows.findIndex((row) => row.first <= step && step <= row.step);
    if (to >= 0) go(to);
    return to >= 0;
  }

  function follow(hash) {
    let wanted = hash.slice(1);
    try {
      wanted = decodeURIComponent(wanted);
    } catch {
      // a stray % is taken as it is
    }
    const section = sections.get(wanted);
    if (section) {
      go(items.findIndex((item) => section.contains(item)));
      return true;
    }
    return wanted !== "" && jump(wanted);
  }

  // What a reader does.

  function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target === $("wanted")) return;
    const arrow = event.key.startsWith("Arrow");
    if (arrow && event.target === $("slider")) return; // which moves by itself
    const upright = event.key === "ArrowDown" || event.key === "ArrowUp";
    if (upright && !$("stepper").contains(event.target)) return; // the page scrolls
    const moves = {
      ArrowRight: () => move(1), n: () => move(1), ArrowLeft: () => move(-1), p: () => move(-1),
      ArrowDown: () => past(neuronOf, 1), j: () => past(neuronOf, 1),
      ArrowUp: () => past(neuronOf, -1), k: () => past(neuronOf, -1),
      e: () => past(equationOf, 1), E: () => past(equationOf, -1),
      l: () => past(layerOf, 1), L: () => past(layerOf, -1),
      f: finishSum, "/": () => $("wanted").select(),
    };
    if (!Object.hasOwn(moves, event.key)) return;
    event.preventDefault();
    moves[event.key]();
  }

  function submit(event) {
    event.preventDefault();
    const text = $("wanted").value;
    if (text.trim() && !jump(text)) say(`there is no ${text} on this page`);
  }

  let isTypeset = false;

  function typeset() {
    if (isTypeset) return;
    isTypeset = true;
    for (const each of document.querySelectorAll("#sheet .m")) {
      const parts = each.querySelectorAll(":scope > span");
      for (const part of parts.length ? parts : [each]) {
        part.dataset.text = part.textContent;
        part.replaceChildren(mathematics(part.dataset.text));
      }
    }
  }

  function start() {
    if (data.sizes.length) layOut();
    $("slider").max = rows.length - 1;
    const names = [...new Set([...data.equations.map(([number]) => `(${number})`), ...data.values.map(nameOf)])];
    $("names").append(...names.slice(0, 300).map((name) => element("option", { value: name })));
    $("slider").addEventListener("input", () => go(Number($("slider").value)));
    const buttons = {
      back: () => move(-1), on: () => move(1), sum: finishSum,
      "neuron-back": () => past(neuronOf, -1), "neuron-on": () => past(neuronOf, 1),
      "equation-back": () => past(equationOf, -1), "equation-on": () => past(equationOf, 1),
    };
    for (const [id, act] of Object.entries(buttons)) $(id).addEventListener("click", act);
    $("jump").addEventListener("submit", submit);
    document.addEventListener("keydown", onKey);
    document.addEventListener("click", (event) => {
      const link = event.target.closest("nav a, #sheet a");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      follow(link.hash);
      $("stepper").scrollIntoView({ block: "nearest" });
    });
    window.addEventListener("hashchange", () => follow(location.hash));
    $("sheet").addEventListener("toggle", () => $("sheet").open && typeset());
    window.addEventListener("beforeprint", () => { $("sheet").open = true; });
    // a link leads to a line in the stepper now, and not down the sheet
    for (const each of [...sections.values(), ...items]) each.removeAttribute("id");
    $("sheet").open = false;
    $("stepper").hidden = false;
    show();
    follow(location.hash);
    window.scrollTo(0, 0);
  }

  start();
})();
