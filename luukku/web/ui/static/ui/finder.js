// Shows only the themes that a word fits; without this file every theme stands in its group.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const fold = (text) => text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "").trim();
  document.querySelectorAll("[data-finder]").forEach((field) => {
    const finder = field.querySelector(".finder");
    const input = finder.querySelector("input");
    const status = finder.querySelector("[role=status]");
    const labels = [...field.querySelectorAll("[data-words]")];
    const groups = [...field.querySelectorAll("details")];
    const wasOpen = groups.map((group) => group.open);
    finder.hidden = false;
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    input.addEventListener("input", () => {
      const word = fold(input.value);
      let found = 0;
      labels.forEach((label) => {
        const fits = !word || fold(label.dataset.words).includes(word);
        label.hidden = !fits;
        if (word && fits) found += 1;
      });
      field.querySelectorAll(".branch").forEach((branch) => {
        branch.hidden = ![...branch.children].some((label) => !label.hidden);
      });
      groups.forEach((group, n) => {
        const any = [...group.querySelectorAll("[data-words]")].some((label) => !label.hidden);
        group.hidden = !any;
        group.open = word ? any : wasOpen[n];
      });
      status.textContent = !word ? "" : found ? `${status.dataset.some} ${found}` : status.dataset.none;
    });
  });
});
