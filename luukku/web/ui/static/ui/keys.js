// The queue by keys of one letter; without this file, Tab and the link after each ticked row do the same.
// They can be switched off (WCAG 2.1.4), and are still where something is written or chosen.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const keys = document.querySelector("[data-keys]");
  if (!keys) return;
  const [isOn, status] = [keys.querySelector("input"), document.querySelector("[data-chosen]")];
  const boxes = [...document.querySelectorAll("form.queue td.pick input")];
  const [all, count] = [document.querySelector("[data-choose-all]"), document.querySelector("[data-count]")];
  let last = -1; // the box that was ticked before
  const tell = () => {
    const number = boxes.filter((box) => box.checked).length;
    status.textContent = `${status.dataset.chosen} ${number}`;
    count.textContent = number ? `(${number})` : "";
    [all.checked, all.indeterminate] = [number === boxes.length, number > 0 && number < boxes.length];
  };
  all.hidden = false;
  all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; tell(); });
  boxes.forEach((box, at) => box.addEventListener("click", (event) => {
    const from = event.shiftKey && last >= 0 ? last : at; // Shift: all between the two
    for (const other of boxes.slice(Math.min(from, at), Math.max(from, at) + 1)) other.checked = box.checked;
    last = at;
    tell();
  }));
  tell();
  try { isOn.checked = localStorage.getItem("luukku-keys") !== "off"; } catch { isOn.checked = true; }
  isOn.addEventListener("change", () => { try { localStorage.setItem("luukku-keys", isOn.checked ? "on" : "off"); } catch { /* only for now */ } });
  keys.hidden = false;
  let row = boxes.findIndex((box) => `#${box.closest("tr").id}` === location.hash); // where one was
  const here = () => {
    const tr = document.activeElement.closest("tr");
    const at = boxes.findIndex((box) => box.closest("tr") === tr);
    return at < 0 ? row : at;
  };
  const go = (to) => {
    row = Math.max(0, Math.min(boxes.length - 1, to));
    boxes[row]?.focus();
  };
  const acts = {
    j: () => go(here() + 1),
    k: () => go(here() < 0 ? 0 : here() - 1),
    x: () => {
      if (here() < 0) go(0);
      boxes[here()]?.click();
    },
    v: () => document.querySelector("#chosen-acts button")?.focus(),
    "?": () => { keys.open = true; keys.querySelector("summary").focus(); },
  };
  document.addEventListener("keydown", (event) => {
    const on = event.target;
    if (!isOn.checked || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.key === "Enter" && boxes.includes(on)) {
      event.preventDefault(); // Enter in a box would send the form
      on.closest("tr").querySelector(".what a").click();
      return;
    }
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : ""];
    if (!act || (on.matches("input, textarea, select, [contenteditable]") && !boxes.includes(on))) return;
    event.preventDefault();
    act();
  });
});
