/**
 * The part of the window that can be seen. On many phones the keyboard lies over the page and leaves its height as it is, so what stands
 * at the bottom is under the keys: the app takes the height that is left (--seen) instead.
 */
export function followKeyboard(): void {
  const seen = window.visualViewport;
  if (!seen) return;
  const root = document.documentElement.style;
  const fit = () => {
    if (seen.scale > 1.01) return; // she has zoomed in: nothing moves under her fingers
    root.setProperty("--seen", `${seen.height}px`);
    root.setProperty("--seen-top", `${Math.max(0, seen.offsetTop)}px`);
  };
  fit();
  seen.addEventListener("resize", fit);
  seen.addEventListener("scroll", fit);
}
