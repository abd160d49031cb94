// The queue, and what was opened from it, by keys of one letter; without this file, Tab and links do the same.
// They can be switched off in the queue (WCAG 2.1.4), and are still where something is written or chosen.
"use strict";
const areKeysOn = () => { try { return localStorage.getItem("luukku-keys") !== "off"; } catch { return true; } };
const isWritten = (on) => on.matches("input, textarea, select, [contenteditable]");
const isWithOther = (event) => event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
document.addEventListener("DOMContentLoaded", () => {
  const links = areKeysOn() ? [...document.querySelectorAll("a[data-key]")] : [];
  for (const link of links) {
    link.setAttribute("aria-keyshortcuts", link.dataset.key);
    link.querySelector("kbd").hidden = false;
  }
  document.addEventListener("keydown", (event) => {
    if (isWithOther(event) || isWritten(event.target)) return;
    links.find((link) => link.dataset.key === event.key.toLowerCase())?.click();
  });
});
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
  isOn.checked = areKeysOn();
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
    if (!isOn.checked || isWithOther(event)) return;
    if (event.key === "Enter" && (boxes.includes(on) || on.matches(".duties tr"))) {
      event.preventDefault(); // Enter in a box would send the form
      on.closest("tr").querySelector(".what a").click();
      return;
    }
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : ""];
    if (!act || (isWritten(on) && !boxes.includes(on))) return;
    event.preventDefault();
    act();
  });
});
