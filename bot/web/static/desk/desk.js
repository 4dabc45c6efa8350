// The desk with a little comfort: the list renews itself, j and k walk through it. Everything works without.
"use strict";

(() => {
  const EVERY = 15_000;
  const list = document.getElementById("liste");
  if (!list) return;

  const isOn = (name) => localStorage.getItem(`desk-${name}`) !== "off";
  for (const button of document.querySelectorAll("[data-switch]")) {
    const name = button.dataset.switch;
    const show = () => button.setAttribute("aria-pressed", String(isOn(name)));
    button.hidden = false;
    button.addEventListener("click", () => {
      localStorage.setItem(`desk-${name}`, isOn(name) ? "off" : "on");
      show();
    });
    show();
  }

  const links = () => [...list.querySelectorAll(".reference")];

  const tell = (before) => {
    const fresh = links().filter((link) => !before.has(link.id)).length;
    const news = document.getElementById("neues");
    if (fresh > 0) news.textContent = fresh === 1 ? news.dataset.one : news.dataset.more.replace("#", fresh);
  };

  const renew = async () => {
    if (document.hidden || !isOn("refresh") || list.querySelector("details[open]")) return;
    const answer = await fetch(list.dataset.source, { redirect: "manual", credentials: "same-origin" });
    if (answer.type === "opaqueredirect") return location.reload(); // the session has ended
    if (!answer.ok) return;
    const text = await answer.text();
    const focused = list.contains(document.activeElement) ? document.activeElement.id : "";
    const before = new Set(links().map((link) => link.id));
    list.innerHTML = text;
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    tell(before);
  };
  setInterval(() => renew().catch(() => {}), EVERY); // offline: the next round tries again
  document.addEventListener("visibilitychange", () => renew().catch(() => {}));

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !isOn("keys")) return;
    const step = { j: 1, k: -1 }[event.key];
    if (!step) return;
    const all = links();
    const at = all.indexOf(document.activeElement);
    const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  });
})();
