// What of WCAG 2.2 AA a program can see on one page: names, labels, ids, headings, target sizes, contrast. Returns complaints.
() => {
  const seen = (e) => e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && e.getBoundingClientRect().width > 1;
  const told = (e) => `<${e.tagName.toLowerCase()}> ${(e.textContent || e.name || "").trim().slice(0, 40)}`;
  const complaints = [];
  const labelled = (e) => (e.getAttribute("aria-labelledby") || "").split(" ").map((id) => document.getElementById(id)?.textContent || "").join("");
  const nameOf = (e) =>
    (e.getAttribute("aria-label") || labelled(e) || [...(e.labels || [])].map((l) => l.textContent).join("") ||
      e.textContent + [...e.querySelectorAll("img[alt]")].map((i) => i.alt).join("") || e.title || "").trim();
  const controls = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].filter(seen);
  for (const e of controls) if (!(e.matches("select, input, textarea") ? [...(e.labels || [])].length || e.ariaLabel || labelled(e) : nameOf(e))) complaints.push(`no name: ${told(e)}`);
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) complaints.push(`id twice: ${id}`);
  const levels = [...document.querySelectorAll("main h1, main h2, main h3, main h4")].filter(seen).map((h) => +h.tagName[1]);
  if (levels.filter((l) => l === 1).length !== 1) complaints.push(`${levels.filter((l) => l === 1).length} h1`);
  levels.forEach((l, i) => { if (l > (levels[i - 1] || 0) + 1) complaints.push(`h${levels[i - 1] || 0} is followed by h${l}`); });
  for (const img of document.querySelectorAll("img:not([alt])")) complaints.push(`no alt: ${img.src}`);
  for (const th of document.querySelectorAll("table")) if (!th.querySelector("th")) complaints.push("a table without headings");
  for (const e of controls) {
    const box = (e.labels?.[0]?.contains(e) ? e.labels[0] : e).getBoundingClientRect();
    const inText = e.matches("a") && getComputedStyle(e).display === "inline";
    if (!inText && (box.width < 24 || box.height < 24)) complaints.push(`target ${Math.round(box.width)}x${Math.round(box.height)}: ${told(e)}`);
  }
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); const d = canvas.getImageData(0, 0, 1, 1).data; return [d[0], d[1], d[2], d[3] / 255]; };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3]));
  const behind = (e) => { const all = []; for (let p = e; p; p = p.parentElement) all.unshift(rgba(getComputedStyle(p).backgroundColor)); return all.reduce((under, top) => over(top, under), [255, 255, 255]); };
  const light = (c) => c.slice(0, 3).map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const poor = new Set();
  while (texts.nextNode()) {
    const e = texts.currentNode.parentElement;
    if (!texts.currentNode.textContent.trim() || !e || e.closest("script, style, option, [disabled], [aria-hidden='true']") || !seen(e)) continue;
    const style = getComputedStyle(e), ground = behind(e), ink = over(rgba(style.color), ground);
    const [a, b] = [light(ink), light(ground)].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05);
    const px = parseFloat(style.fontSize), large = px >= 24 || (px >= 18.66 && +style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) poor.add(`contrast ${ratio.toFixed(2)}: ${told(e)}`);
  }
  return [...complaints, ...poor];
}
