// Small comforts; every page works without them.
"use strict";
// A refused form whose words are kept becomes a page like any other: the back button opens it, with the words.
if (document.documentElement.hasAttribute("data-kept")) history.replaceState(history.state, "", location.href);
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-with-script]").forEach((one) => { one.hidden = false; });
  const summary = document.querySelector(".error-summary, .look-first");
  if (summary) summary.focus();
  // The link in a sign-in letter brings the code after "#": it never leaves the browser by itself.
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  const field = document.querySelector("form.form input[name=code]");
  // Words that found nothing are told to the counter; without this file by the form's own button.
  const tell = document.querySelector("form[data-tell]");
  if (tell) {
    const words = new FormData(tell);
    words.set("quiet", "1");
    fetch(tell.action, { method: "POST", body: words, redirect: "manual" })
      .then(() => { tell.querySelector("button").hidden = true; })
      .catch(() => {});
  }
  if (code && field) { field.value = code; history.replaceState(null, "", location.pathname + location.search); }
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return; // another script sends it, or does not
  if (form.dataset.sent) { event.preventDefault(); return; }
  if ("download" in form.dataset) return; // the page stays, and another file may be wanted
  form.dataset.sent = "yes";
  setTimeout(() => form.querySelectorAll("button").forEach((b) => b.setAttribute("aria-disabled", "true")), 0);
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("button").forEach((b) => b.removeAttribute("aria-disabled"));
  });
});
// A notice before the sign-in ends by itself. Every tab notes when it was last used, so that none is wrong.
(() => {
  const notice = document.querySelector(".idle");
  if (!notice) return;
  const [idle, warn] = [Number(notice.dataset.idle), Number(notice.dataset.warn)];
  const note = () => { try { localStorage.setItem("luukku-seen", Date.now()); } catch { seen = Date.now(); } };
  let seen = Date.now();
  const last = () => { try { return Number(localStorage.getItem("luukku-seen")) || seen; } catch { return seen; } };
  note();
  const look = () => {
    const left = idle - (Date.now() - last()) / 1000;
    notice.hidden = left > warn;
    notice.querySelector("[data-soon]").hidden = left <= 0;
    notice.querySelector("[data-over]").hidden = left > 0;
    notice.querySelector("form").hidden = left <= 0;
  };
  setInterval(look, 10000);
  notice.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    fetch(event.target.action, { method: "POST", body: new FormData(event.target), redirect: "manual" })
      .then(() => { note(); look(); })
      .catch(() => event.target.submit());
  });
})();
// What can be taken back for a moment only: when the moment is over, its button goes and the words say so.
document.querySelectorAll("[data-seconds]").forEach((one) => {
  const over = () => {
    const [words, form] = [one.querySelector("p"), one.querySelector("form")];
    if (!form || form.dataset.sent) return; // pressed in time
    words.textContent = one.dataset.over;
    if (form.contains(document.activeElement)) { words.tabIndex = -1; words.focus(); }
    form.remove();
  };
  // Whoever sees the page sees how long there is; the words have told the others.
  const [left, end] = [document.createElement("span"), Date.now() + 1000 * Number(one.dataset.seconds)];
  left.setAttribute("aria-hidden", "true");
  left.className = "soft";
  one.querySelector("form")?.append(left);
  const tick = () => {
    const rest = Math.ceil((end - Date.now()) / 1000);
    if (rest <= 0) { over(); return; }
    left.textContent = `${rest} s`;
    setTimeout(tick, end - Date.now() - 1000 * (rest - 1));
  };
  tick();
});
