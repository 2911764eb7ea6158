(key) => {
  const box = key.getBoundingClientRect();
  const meets = (one) => one.height > 0 && one.top < box.bottom && one.bottom > box.top && one.left < box.right && one.right > box.left;
  const walker = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  let lines = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (key.contains(node)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    lines += [...range.getClientRects()].filter(meets).length;
  }
  return lines;
}
