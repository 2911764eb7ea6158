// The few things that need a script: the theme key, copying a secret, the keys of a review, the frame of an editor, and uploading files with drag and drop.
"use strict";

document.addEventListener("click", (event) => {
  const key = event.target.closest("[data-theme-toggle]");
  if (key) {
    const root = document.documentElement;
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const next = (root.dataset.theme || (dark ? "dark" : "light")) === "dark" ? "light" : "dark";
    root.dataset.theme = next;
    try {
      localStorage.setItem("ilima-theme", next);
    } catch {
      /* the choice lasts until the page is left */
    }
  }
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    const text = document.getElementById(copy.dataset.copy).textContent.trim();
    navigator.clipboard.writeText(text).then(() => {
      copy.textContent = copy.dataset.done;
    });
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// --- a form that came back: the first field that needs another look ---
document.querySelector("[aria-invalid='true']")?.focus();

// --- tabs: on a phone the open one may lie outside the strip ---
for (const strip of document.querySelectorAll(".tabs")) {
  const open = strip.querySelector("[aria-current]");
  if (open) strip.scrollLeft = open.offsetLeft - strip.offsetLeft - (strip.clientWidth - open.offsetWidth) / 2;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// --- one item after the other: the key that stands on a link follows it, while nothing is being typed ---
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea, audio, video")) return;
  document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`)?.click();
});

// --- reviews: keys, only while the focus is in the form and nothing is being typed ---
for (const form of document.querySelectorAll("form[data-review]")) {
  form.focus({ preventScroll: true });
  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea")) return;
    const choice = /^[1-9]$/.test(event.key) && form.querySelectorAll("input[type=radio]")[event.key - 1];
    if (choice) choice.click();
    else if (event.key === "s") form.querySelector("[data-skip]").click();
    else if (event.key === "Enter" && !event.target.matches("a, button, summary, audio")) form.requestSubmit();
    else return;
    event.preventDefault();
  });
}

// --- an answer to write: the widget of its type in a frame, over the field that is there for who has no script; it comes when it is seen ---
for (const place of document.querySelectorAll("[data-editor]")) {
  const frame = document.createElement("iframe");
  Object.assign(frame, { loading: "lazy", title: place.dataset.title, src: place.dataset.editor });
  place.querySelector(".raw").before(frame);
}

// --- uploads: one upload, sent a handful of files a request, so that a broken line costs little and progress is real ---
const FILES_EACH = 40;
const BYTES_EACH = 32 * 1024 * 1024;
const TRIES_AFTER_MS = [1000, 4000, 15000];

function parcels(files) {
  const out = [];
  let parcel = [],
    bytes = 0;
  for (const file of files) {
    if (parcel.length && (parcel.length >= FILES_EACH || bytes + file.size > BYTES_EACH)) {
      out.push(parcel);
      parcel = [];
      bytes = 0;
    }
    parcel.push(file);
    bytes += file.size;
  }
  if (parcel.length) out.push(parcel);
  return out;
}

const pathOf = (file) => file.path || file.webkitRelativePath || file.name;
const partOf = (file) => `${file.size} ${pathOf(file)}`;

function post(form, address, files, onBytes) {
  return new Promise((resolve, reject) => {
    const body = new FormData();
    for (const file of files) {
      body.append("files", file, file.name);
      body.append("paths", pathOf(file));
    }
    if (!files.length && form.elements.ask?.checked) body.append("ask", "1");
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
    request.upload.addEventListener("progress", (event) => onBytes?.(event.loaded));
    request.addEventListener("load", () => (request.status < 400 ? resolve(request.responseText) : reject(request)));
    request.addEventListener("error", () => reject(request));
    request.send(body);
  });
}

// A line that broke is tried again; what the server refuses is not.
async function postUntil(form, address, files, onBytes) {
  for (const wait of [...TRIES_AFTER_MS, null]) {
    try {
      return await post(form, address, files, onBytes);
    } catch (request) {
      if (wait === null || (request.status && request.status < 500)) throw request;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

// The session goes on where it was broken off: chosen again, only what has not arrived is sent. Other files begin another.
async function begun(form, files) {
  const key = `ilima-upload:${form.action}`;
  const known = JSON.parse(sessionStorage.getItem(key) || "null");
  const arrived = known && (await listed(known.files));
  const chosen = new Set(files.map(partOf));
  if (arrived && [...arrived].every((part) => chosen.has(part))) return { ...known, key, arrived };
  const session = JSON.parse(await postUntil(form, form.dataset.begin, []));
  sessionStorage.setItem(key, JSON.stringify(session));
  return { ...session, key, arrived: new Set() };
}

async function listed(address) {
  const arrived = new Set();
  for (let next = `${address}?page_size=500`; next;) {
    const reply = await fetch(next);
    if (!reply.ok) return null;
    const page = await reply.json();
    for (const part of page.results) arrived.add(`${part.size_bytes} ${part.path}`);
    next = page.next;
  }
  return arrived;
}

function sentence(form, request) {
  if (!request.responseText || !request.status || request.status >= 500) return form.dataset.failed;
  try {
    return JSON.parse(request.responseText).error.message;
  } catch {
    return request.responseText;
  }
}

async function upload(form, files) {
  const bar = form.querySelector("progress");
  const said = form.querySelector("[data-said]");
  const total = files.reduce((sum, file) => sum + file.size, 0) || 1;
  let before = 0;
  bar.hidden = false;
  said.textContent = "";
  try {
    const session = await begun(form, files);
    const left = files.filter((file) => !session.arrived.has(partOf(file)));
    before = total - left.reduce((sum, file) => sum + file.size, 0);
    for (const parcel of parcels(left)) {
      await postUntil(form, session.files, parcel, (loaded) => {
        bar.value = Math.min(1, (before + loaded) / total);
      });
      before += parcel.reduce((sum, file) => sum + file.size, 0);
    }
    const html = await postUntil(form, form.dataset.finish.replace(form.dataset.session, session.id), []);
    sessionStorage.removeItem(session.key);
    const target = document.querySelector(form.dataset.target);
    target.insertAdjacentHTML("afterbegin", html);
    htmx.process(target);
    target.closest("[hidden]")?.removeAttribute("hidden");
  } catch (request) {
    said.textContent = sentence(form, request);
    bar.hidden = true;
    return;
  }
  bar.value = 1;
  said.textContent = form.dataset.sent;
}

// Folders that are dropped, with all that lies in them; a file keeps the path that it had there.
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.());
  if (!entries.some((entry) => entry?.isDirectory)) return [...transfer.files];
  const files = [];
  for (const entry of entries) if (entry) await walk(entry, files);
  return files;
}

async function walk(entry, files) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    file.path = entry.fullPath.replace(/^\//, "");
    files.push(file);
    return;
  }
  const reader = entry.createReader();
  for (let some; (some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))).length;) {
    for (const inner of some) await walk(inner, files);
  }
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  const zone = form.querySelector(".drop");
  form.querySelector("button[type=submit]").hidden = true;
  for (const input of form.querySelectorAll("input[type=file]")) {
    input.closest("[data-folder]")?.removeAttribute("hidden");
    input.addEventListener("change", async () => {
      if (input.files.length) await upload(form, [...input.files]);
      input.value = ""; // the same files can be chosen again
    });
  }
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", async (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    const files = await dropped(event.dataTransfer);
    if (files.length) await upload(form, files);
  });
}
