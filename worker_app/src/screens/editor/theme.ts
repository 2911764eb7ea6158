/** The page around the frame may be light or dark by its own key, whatever the system says: the frame follows it. */
export function followTheme(around: Document): void {
  const root = around.documentElement;
  const fit = () => wear(document, root.dataset.theme);
  fit();
  new MutationObserver(fit).observe(root, { attributeFilter: ["data-theme"] });
}

const SYSTEM = "(prefers-color-scheme: dark)";
const ruled = new Set<CSSMediaRule>(); // once rewritten, they do not say any more what they are

function wear(page: Document, theme: string | undefined): void {
  for (const sheet of page.styleSheets) for (const rule of sheet.cssRules) if (rule instanceof CSSMediaRule && rule.conditionText.includes("prefers-color-scheme")) ruled.add(rule);
  for (const rule of ruled) rule.media.mediaText = theme === "dark" ? "all" : theme === "light" ? "not all" : SYSTEM;
  page.documentElement.style.colorScheme = theme ?? "";
}
