"""What is wrong with the picture of a report: every text measured in a browser, on a screen and as it is printed."""
from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from browser import Browser

LANGS = ("zh", "en")
SMALLEST = 8.0  # pixels: six points on paper

MEASURE = """
(root, smallest) => {
  const found = [], texts = [], page = document.documentElement.clientWidth;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const short = text => text.trim().replace(/\\s+/g, " ").slice(0, 40);
  const say = (what, text, more) => found.push(what + ": " + short(text) + (more ? " | " + short(more) : ""));
  const rects = range => [...range.getClientRects()].filter(r => r.width > 0.5 && r.height > 0.5);
  const part = (node, start, end) => {
    const range = document.createRange(); range.setStart(node, start); range.setEnd(node, end); return range; };
  const rows = boxes => new Set(boxes.map(r => Math.round((r.top + r.bottom) / 8))).size;

  while (walker.nextNode()) {
    const node = walker.currentNode, holder = node.parentElement, words = node.textContent;
    if (!words.trim()) continue;
    const svg = holder.closest("svg"), frame = svg && svg.getBoundingClientRect();
    const scale = svg ? frame.width / svg.viewBox.baseVal.width : 1;
    const size = parseFloat(getComputedStyle(holder).fontSize) * scale;
    const boxes = rects(part(node, 0, words.length));
    if (!boxes.length) say("not seen", words);
    if (size < smallest) say("smaller than can be read", words, size.toFixed(1) + " px");
    const room = svg ? frame : holder.closest("td, th, li, p, h1, h2, caption, figcaption").getBoundingClientRect();
    for (const r of boxes) {
      const middle = (r.top + r.bottom) / 2, half = 0.42 * size;
      const box = {left: r.left, right: r.right, top: middle - half, bottom: middle + half, words, svg, size};
      if (box.left < -1 || box.right > page + 1) say("beyond the page", words);
      if (Math.min(box.left - room.left, room.right - box.right, box.top - room.top, room.bottom - box.bottom) < -1)
        say("clipped", words);
      texts.push(box);
    }
    if (holder.closest("th, h1, h2, caption, figcaption, .name, .value, .brand, .axis, .key")) {
      for (const word of words.matchAll(/[A-Za-z]{2,}/g))
        if (rows(rects(part(node, word.index, word.index + word[0].length))) > 1) say("broken word", words);
      if (rows(boxes) > 1 && /[\\u4e00-\\u9fff]/.test(words) && boxes.some(r => r.width < 1.6 * size))
        say("a character alone on a line", words);
    }
  }
  texts.sort((a, b) => a.top - b.top);
  texts.forEach((one, i) => {
    for (let j = i + 1; j < texts.length && texts[j].top < one.bottom; j++) {
      const other = texts[j], apart = one.svg && other.svg ? 0.15 * one.size : -0.5;
      if (one.left < other.right + apart && other.left < one.right + apart) say("overlap", one.words, other.words);
    }
  });
  for (const table of root.querySelectorAll(".table"))
    if (table.scrollWidth > table.clientWidth + 1) say("a table too wide", table.innerText);
  if (document.documentElement.scrollWidth > page + 1) say("a page too wide", root.innerText);
  return {texts: texts.length, found};
}
"""


def faults(browser: Browser, file: Path) -> Iterator[str]:
    """Everything that is clipped, overlaps, is broken or too small, in both languages, on a screen and on paper."""
    for lang in LANGS:
        for paper in (False, True):
            browser.show(file, lang, paper)
            smallest = SMALLEST if paper else 11.0
            seen = browser.run(f"({MEASURE})(document.getElementById({json.dumps(lang)}), {smallest})")
            where = f"{file.parent.name}/{file.name} {lang} {'paper' if paper else 'screen'}"
            if seen["texts"] < 30:
                yield f"{where}: only {seen['texts']} texts are seen"
            yield from (f"{where}: {fault}" for fault in seen["found"])
