(most) => {
  const problems = [];
  const over = document.querySelector("dialog[open]");
  const root = over ?? document.body;
  const name = (el) => el.dataset?.testid ?? `${el.tagName.toLowerCase()}.${el.className?.baseVal ?? el.className} "${(el.getAttribute("aria-label") ?? el.textContent ?? "").trim().slice(0, 30)}"`;
  const say = (el, what) => { if (problems.length < most) problems.push(`${name(el)}: ${what}`); };
  const [wide, high] = [innerWidth, innerHeight];
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth + 1) say(page, `scrolls sideways, ${page.scrollWidth} in ${page.clientWidth}`);
  if (over && over.scrollWidth > over.clientWidth + 1) say(over, `scrolls sideways, ${over.scrollWidth} in ${over.clientWidth}`);

  const isShown = (el) => el.checkVisibility({ checkOpacity: false, checkVisibilityCSS: true }) && !el.closest(".visually-hidden, [inert], svg[aria-hidden]");
  const hits = (el, x, y) => {
    const top = document.elementFromPoint(x, y);
    return top && (top === el || el.contains(top) || top.contains(el) || top.closest("label")?.contains(el)) ? null : top;
  };
  const home = (el) => el.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });

  for (const el of root.querySelectorAll("button, a[href], input, select, textarea, summary, video, [role=button], [tabindex='0']")) {
    if (!isShown(el)) continue;
    home(el);
    const box = el.getBoundingClientRect();
    if (box.left < -1 || box.right > wide + 1) say(el, `reaches outside the screen, ${Math.round(box.left)} to ${Math.round(box.right)} of ${wide}`);
    if (Math.min(box.width, box.height) < 24) say(el, `is smaller than a finger, ${Math.round(box.width)} x ${Math.round(box.height)}`);
    const middle = [box.left + box.width / 2, Math.min(Math.max(box.top, 0) + Math.min(box.height, high) / 2, high - 1)];
    const cover = hits(el, ...middle);
    if (cover) say(el, `is covered by ${name(cover)}`);
  }

  const clips = (style, axis) => ["hidden", "clip"].includes(style[axis]);
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const el = node.parentElement;
    if (!node.textContent.trim() || !isShown(el) || el.closest("[data-opens-whole], option, script, style, noscript, textarea")) continue;
    home(el);
    const range = document.createRange();
    range.selectNodeContents(node);
    const texts = [...range.getClientRects()].filter((one) => one.width > 0 && one.height > 0);
    if (!texts.length) continue;
    const [left, right] = [Math.min(...texts.map((one) => one.left)), Math.max(...texts.map((one) => one.right))];
    const [top, bottom] = [Math.min(...texts.map((one) => one.top)), Math.max(...texts.map((one) => one.bottom))];
    let strip = false;
    for (let up = el; up && up !== document.body; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (["auto", "scroll"].includes(style.overflowX) && up.scrollWidth > up.clientWidth + 1) strip = true;
      const box = up.getBoundingClientRect();
      const solid = up.matches("button, a.button, .chip, .card, .note, .offer div");
      if (!strip && (clips(style, "overflowX") || solid) && (left < box.left - 1.5 || right > box.right + 1.5)) { say(el, `"${node.textContent.trim().slice(0, 24)}" is cut at the side of ${name(up)}`); break; }
      if ((clips(style, "overflowY") || solid) && (top < box.top - 3 || bottom > box.bottom + 3)) { say(el, `"${node.textContent.trim().slice(0, 24)}" is cut above or below by ${name(up)}`); break; }
      if (solid || up === over) break;
    }
    if (!strip && (left < -1 || right > wide + 1)) say(el, `"${node.textContent.trim().slice(0, 24)}" leaves the screen`);
    // Of a long text the line in the middle of what it scrolls in: the others are read by scrolling.
    let frame = el;
    while (frame && !(frame.scrollHeight > frame.clientHeight + 1 && ["auto", "scroll"].includes(getComputedStyle(frame).overflowY))) frame = frame.parentElement;
    const room = frame?.getBoundingClientRect() ?? { top: 0, bottom: high };
    const middle = (Math.max(0, room.top) + Math.min(high, room.bottom)) / 2;
    const away = (one) => Math.abs(one.top + one.height / 2 - middle);
    const line = texts.sort((a, b) => away(a) - away(b))[0];
    const cover = hits(el, line.left + line.width / 2, line.top + line.height / 2);
    if (cover) say(el, `"${node.textContent.trim().slice(0, 24)}" lies under ${name(cover)}`);
  }
  scrollTo(0, 0);
  for (const el of [root, ...root.querySelectorAll("*")]) if (el.scrollTop || el.scrollLeft) el.scrollTo(0, 0);
  return problems;
}
