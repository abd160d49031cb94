"""Words that a page shows cut at the end of a line without a hyphen."""

CUT = r"""() => {
  const cut = [], range = document.createRange();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const box = node.parentElement;
    if (/^(script|style|option|textarea)$/i.test(box.tagName) || !box.checkVisibility() || box.closest(".sr-only")) continue;
    // A word in an address of the net is no word of a sentence; a hyphen would make it another address.
    for (const found of node.nodeValue.matchAll(/(?<![\p{L}@./])\p{L}{5,}(?!\p{L}|[@./]\p{L})/gu)) {
      range.setStart(node, found.index + 1); // at the very beginning the hyphen of the line before counts, too
      range.setEnd(node, found.index + found[0].length);
      const lines = new Set([...range.getClientRects()].filter((one) => one.width).map((one) => Math.round(one.top)));
      if (lines.size > 1) cut.push(found[0]);
    }
  }
  return cut;
}"""
