// Offers what is meant while one writes, as a combobox; without this file the form comes back with what was found.
"use strict";
htmx.config.includeIndicatorStyles = false; // our own styles only
htmx.config.allowEval = false;
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".pick").forEach((pick, n) => {
    const [input, list] = [pick.querySelector("input[type=text]"), pick.querySelector("[role=listbox]")];
    const [choices, status] = [pick.querySelector(".choices"), pick.querySelector("[role=status]")];
    const options = () => [...list.querySelectorAll("[role=option]")];
    list.id = `offers-${n}`;
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" })) input.setAttribute(name, value);
    let active = -1;
    const point = (to) => {
      active = to;
      options().forEach((one, at) => one.setAttribute("aria-selected", String(at === to)));
      const one = options()[to];
      if (one) { input.setAttribute("aria-activedescendant", one.id); one.scrollIntoView({ block: "nearest" }); }
      else input.removeAttribute("aria-activedescendant");
    };
    const open = (isOpen) => {
      list.hidden = !isOpen;
      input.setAttribute("aria-expanded", String(isOpen));
      if (!isOpen) point(-1);
    };
    const choose = (one) => {
      const [name, facts] = [one.querySelector("b").textContent, one.querySelector("span").textContent];
      const [label, radio, words] = ["label", "input", "span"].map((tag) => document.createElement(tag));
      Object.assign(radio, { type: "radio", className: "ds-input", name: pick.dataset.chosen, value: one.dataset.key, checked: true });
      words.textContent = [name, facts].filter(Boolean).join(" · ");
      label.append(radio, words);
      choices.replaceChildren(label);
      input.value = name;
      status.textContent = words.textContent;
      open(false);
    };
    input.addEventListener("input", () => { choices.replaceChildren(); if (!input.value.trim()) { list.replaceChildren(); open(false); } });
    list.addEventListener("htmx:beforeSwap", (event) => { // a sign-in that has ended answers with another page
      if (new URL(event.detail.xhr.responseURL).pathname !== input.getAttribute("hx-post")) event.detail.shouldSwap = false;
    });
    list.addEventListener("htmx:afterSwap", () => {
      const found = options();
      open(found.length > 0 && document.activeElement === input);
      const { some, more, none } = pick.dataset;
      status.textContent = found.length ? `${some} ${found.length}. ${found.at(-1).hasAttribute("data-more") ? more : ""}` : none;
    });
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // what is written in keeps the focus
    list.addEventListener("click", (event) => { const one = event.target.closest("[role=option]"); if (one) choose(one); });
    input.addEventListener("blur", () => open(false));
    input.addEventListener("keydown", (event) => {
      const last = options().length - 1;
      const isOpen = !list.hidden;
      if (event.key === "Escape" && isOpen) open(false);
      else if (event.key === "Enter" && isOpen && (active >= 0 || last === 0)) choose(options()[Math.max(active, 0)]);
      else if (["ArrowDown", "ArrowUp"].includes(event.key) && last >= 0) {
        open(true);
        point(event.key === "ArrowDown" ? (active < last ? active + 1 : 0) : active > 0 ? active - 1 : last);
      } else return;
      event.preventDefault();
    });
  });
});
