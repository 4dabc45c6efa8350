// The web chat without reloading. Everything here also works without it: forms, links, and a page that looks again.
"use strict";

(() => {
  const form = document.getElementById("nachricht");
  const text = document.getElementById("text");
  const files = document.getElementById("files");
  const problem = document.getElementById("problem");
  const section = document.getElementById("gespraech");
  const title = document.title;
  const waiting = []; // messages on their way: {nonce, data, item}
  const RETRY = 5000;
  let source = null;
  let sending = false;

  // --- sending ------------------------------------------------------------------------------------------------------

  function nonce() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function submit(event) {
    const sent = event.target;
    if (!sent.matches("#nachricht, form.touch") || ended()) return;
    event.preventDefault();
    const data = new FormData(sent);
    if (sent !== form) keepOneSecret(data);
    if (!(sent.matches("form.touch") && data.has("button"))) data.set("id", nonce());
    if (sent === form && !text.value.trim() && !files.files.length) {
      text.focus();
    }
    tell(null);
    const item = show(data);
    waiting.push({ nonce: data.get("id"), action: sent.action, data, item, own: sent === form });
    if (sent === form) form.reset();
    text.focus({ preventScroll: true });
    next();
  }

  // A page without a cookie carries a new secret in each form; all of them must mean the same conversation.
  function keepOneSecret(data) {
    const own = form.elements.secret;
    if (own) data.set("secret", own.value);
  }

  async function next() {
    if (sending || !waiting.length) return;
    sending = true;
    const message = waiting[0];
    try {
      const answer = await fetch(message.action, {
        method: "POST",
        body: message.data,
        headers: { Accept: "application/json" },
        credentials: "same-origin",
      });
      await settle(message, answer);
    } catch {
      postpone(message);
      return;
    } finally {
      sending = false;
    }
    next();
  }

  async function settle(message, answer) {
    if (!(answer.headers.get("Content-Type") || "").includes("json")) throw new Error("no answer of ours");
    const told = await answer.json();
    waiting.shift();
    if (told.accepted) {
      await refresh();
      message.item.remove();
      listen();
    } else {
      takeBack(message);
      tell(told);
    }
  }

  function postpone(message) {
    message.item.querySelector(".state").hidden = true;
    message.item.querySelector(".later").hidden = false;
    message.item.querySelector(".row").hidden = false;
    setTimeout(next, RETRY);
  }

  // Nothing of the words is lost: they return to the field, before what has been typed since.
  function takeBack(message) {
    message.item.remove();
    if (!message.own) return;
    const since = text.value;
    text.value = message.data.get("text") + (since ? "\n" + since : "");
    const box = new DataTransfer();
    for (const file of message.data.getAll("files")) if (file.size || file.name) box.items.add(file);
    if (!files.files.length) files.files = box.files;
    text.focus();
  }

  function tell(told) {
    problem.replaceChildren();
    problem.hidden = !told;
    text.toggleAttribute("aria-invalid", Boolean(told));
    if (!told) return;
    if (told.safety) problem.append(words("div", told.safety, "danger-text"));
    problem.append(document.getElementById("nicht-angenommen").content.cloneNode(true));
    for (const sentence of told.sentences) problem.append(words("p", sentence));
    problem.scrollIntoView({ block: "nearest" });
  }

  function words(tag, sentence, name = "") {
    const made = document.createElement(tag);
    made.className = name;
    made.dir = "auto";
    for (const piece of sentence.split(/\b(112|110)\b/)) {
      if (piece !== "112" && piece !== "110") {
        made.append(piece);
        continue;
      }
      const call = document.createElement("a");
      call.href = "tel:" + piece;
      call.textContent = piece;
      made.append(call);
    }
    return made;
  }

  // --- showing ------------------------------------------------------------------------------------------------------

  function show(data) {
    const item = document.getElementById("vorlage").content.firstElementChild.cloneNode(true);
    item.dataset.sent = data.get("id");
    const names = data.getAll("files").map((file) => file.name).filter(Boolean);
    const said = data.get("label") || data.get("text");
    item.querySelector(".words").textContent = [said, ...names].filter(Boolean).join("\n");
    item.addEventListener("click", (event) => {
      if (event.target.dataset.do === "again") next();
      if (event.target.dataset.do === "back") cancel(item);
    });
    section.hidden = false;
    document.getElementById("beispiele")?.remove();
    if (data.get("text") === text.value) text.value = "";
    follow(() => {
      list().append(item);
      return item;
    });
    return item;
  }

  function cancel(item) {
    const at = waiting.findIndex((message) => message.item === item);
    if (at < 0 || (at === 0 && sending)) return;
    takeBack(waiting.splice(at, 1)[0]);
  }

  function list() {
    const lists = section.querySelectorAll(".log > ol");
    if (lists.length) return lists[lists.length - 1];
    const made = document.createElement("ol");
    section.querySelector(".log").append(made);
    return made;
  }

  // Who is writing keeps the form where it is, who reads further up keeps the place; who waits is shown the new.
  function follow(change) {
    const before = form.getBoundingClientRect();
    const follows = isSeen(form) || isSeen(document.getElementById("aktuell"));
    const fresh = change();
    if (!follows) return;
    if (text.value.trim()) scrollBy({ top: form.getBoundingClientRect().top - before.top, behavior: "instant" });
    else if (fresh) fresh.scrollIntoView({ block: "start" });
  }

  function isSeen(element) {
    const place = element.getBoundingClientRect();
    return place.top < innerHeight && place.bottom > 0;
  }

  async function refresh() {
    const answer = await fetch(form.action.replace(/messages(?=\?|$)/, "log"), { credentials: "same-origin" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    merge(page.getElementById("log"));
  }

  function merge(fresh) {
    const log = document.getElementById("log");
    if (!fresh || ended() || fresh.dataset.version === log.dataset.version) return;
    follow(() => {
      log.dataset.version = fresh.dataset.version;
      log.toggleAttribute("data-ended", fresh.hasAttribute("data-ended"));
      const before = new Set(Array.from(log.querySelectorAll(".house"), (item) => item.id));
      settleList(log.querySelector(".log"), fresh.querySelector(".log"));
      const typing = document.getElementById("aktuell");
      const now = fresh.querySelector("#aktuell");
      if (typing.textContent !== now.textContent) typing.replaceChildren(...now.childNodes);
      return Array.from(log.querySelectorAll(".house")).find((item) => !before.has(item.id));
    });
    if (document.hidden) document.title = `${form.dataset.news}: ${title}`;
    offerLink(fresh.dataset.link);
    if (ended()) stop();
  }

  function offerLink(link) {
    document.getElementById("link-teil").hidden = !link || ended();
    document.getElementById("link").value = link || "";
  }

  // Only what is new is added, so that a screen reader reads the new and not the whole.
  function settleList(present, wanted) {
    const on = waiting.map((message) => message.item);
    const arrived = new Set(Array.from(wanted.querySelectorAll("[data-nonce]"), (item) => item.dataset.nonce));
    const ids = new Set(Array.from(wanted.querySelectorAll("[id]"), (item) => item.id));
    for (const old of present.querySelectorAll(".day, ol, .bubble"))
      if (!ids.has(old.id) && !on.includes(old) && !on.some((item) => old.contains(item))) old.remove();
    for (const part of Array.from(wanted.children)) {
      const known = document.getElementById(part.id);
      if (!known) present.append(part);
      else if (part.tagName === "OL") settleBubbles(known, part);
    }
    for (const item of on) {
      if (arrived.has(item.dataset.sent)) item.remove();
      else list().append(item);
    }
  }

  function settleBubbles(present, wanted) {
    let last = null;
    for (const item of Array.from(wanted.children)) {
      const known = document.getElementById(item.id);
      if (known && known.outerHTML === item.outerHTML) {
        last = known;
        continue;
      }
      if (known) known.replaceWith(item);
      else if (last) last.after(item);
      else present.prepend(item);
      last = item;
    }
  }

  // --- hearing ------------------------------------------------------------------------------------------------------

  function ended() {
    return document.getElementById("log").hasAttribute("data-ended");
  }

  function listen() {
    if (source || ended()) return;
    source = new EventSource(form.action.replace(/messages(?=\?|$)/, "stream"));
    source.addEventListener("changed", (event) => {
      if (event.data !== document.getElementById("log").dataset.version) refresh().catch(() => {});
    });
  }

  function stop() {
    if (source) source.close();
    source = null;
  }

  // --- small things -------------------------------------------------------------------------------------------------

  function offerExamples() {
    const label = document.getElementById("uebernehmen").content.textContent;
    for (const example of document.querySelectorAll(".examples li > span")) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = example.textContent;
      button.setAttribute("aria-label", `${label} ${example.textContent}`);
      button.addEventListener("click", () => {
        text.value = button.textContent;
        text.focus();
      });
      example.replaceWith(button);
    }
  }

  function offerCopy() {
    const button = document.getElementById("kopieren");
    if (!button || !navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const link = document.getElementById("link");
      link.select();
      const copied = await navigator.clipboard.writeText(link.value).then(() => true, () => false);
      document.getElementById("kopiert").textContent = copied ? button.dataset.done : button.dataset.failed;
    });
  }

  document.addEventListener("submit", submit);
  addEventListener("online", next);
  addEventListener("pagehide", stop);
  addEventListener("pageshow", (event) => {
    if (event.persisted && document.getElementById("log").hasAttribute("data-live")) listen();
  });
  addEventListener("beforeunload", (event) => {
    if (waiting.length) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) document.title = title;
  });
  offerExamples();
  offerCopy();
  if (document.getElementById("log").hasAttribute("data-live")) {
    listen();
    // Who comes back wants to read the latest first; unless the address already says where.
    if (!location.hash && problem.hidden)
      document.getElementById("aktuell").scrollIntoView({ block: "center", behavior: "instant" });
  }
})();
