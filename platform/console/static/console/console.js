// The few things that need a script: the theme key, copying a secret, the keys of a review, and uploading files with drag and drop.
"use strict";

document.addEventListener("click", (event) => {
  const key = event.target.closest("[data-theme-toggle]");
  if (key) {
    const root = document.documentElement;
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const next = (root.dataset.theme || (dark ? "dark" : "light")) === "dark" ? "light" : "dark";
    root.dataset.theme = next;
    try { localStorage.setItem("ilima-theme", next); } catch { /* the choice lasts until the page is left */ }
  }
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    const text = document.getElementById(copy.dataset.copy).textContent.trim();
    navigator.clipboard.writeText(text).then(() => { copy.textContent = copy.dataset.done; });
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

// --- uploads: one request a handful of files, so that a broken line costs little and progress is real ---
const FILES_EACH = 40;
const BYTES_EACH = 32 * 1024 * 1024;

function parcels(files) {
  const out = [];
  let parcel = [], bytes = 0;
  for (const file of files) {
    if (parcel.length && (parcel.length >= FILES_EACH || bytes + file.size > BYTES_EACH)) {
      out.push(parcel);
      parcel = []; bytes = 0;
    }
    parcel.push(file);
    bytes += file.size;
  }
  if (parcel.length) out.push(parcel);
  return out;
}

function sendParcel(form, files, onBytes) {
  return new Promise((resolve, reject) => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    for (const file of files) body.append("files", file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", (event) => onBytes(event.loaded));
    request.addEventListener("load", () => (request.status < 400 ? resolve(request.responseText) : reject(request)));
    request.addEventListener("error", () => reject(request));
    request.send(body);
  });
}

async function upload(form, files) {
  const bar = form.querySelector("progress");
  const said = form.querySelector("[data-said]");
  const total = files.reduce((sum, file) => sum + file.size, 0) || 1;
  let before = 0;
  bar.hidden = false;
  for (const parcel of parcels(files)) {
    try {
      const html = await sendParcel(form, parcel, (loaded) => { bar.value = Math.min(1, (before + loaded) / total); });
      const target = document.querySelector(form.dataset.target);
      target.insertAdjacentHTML("afterbegin", html);
      htmx.process(target);
      target.closest("[hidden]")?.removeAttribute("hidden");
    } catch (request) {
      said.textContent = request.responseText && request.status < 500 ? request.responseText : form.dataset.failed;
      bar.hidden = true;
      return;
    }
    before += parcel.reduce((sum, file) => sum + file.size, 0);
  }
  bar.value = 1;
  said.textContent = form.dataset.sent;
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  const input = form.querySelector("input[type=file]");
  const zone = form.querySelector(".drop");
  form.querySelector("button[type=submit]").hidden = true;
  input.addEventListener("change", () => input.files.length && upload(form, [...input.files]));
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
  }
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    upload(form, [...event.dataTransfer.files]);
  });
}
