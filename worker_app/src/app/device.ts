export type DeviceClass = "phone" | "tablet" | "desktop";

/** Small screens bias answers, so consensus is told what kind of screen an answer comes from. */
export function deviceClass(): DeviceClass {
  if (matchMedia("(pointer: fine)").matches && Math.min(screen.width, screen.height) >= 600) return "desktop";
  return Math.min(screen.width, screen.height) >= 600 ? "tablet" : "phone";
}

type Connection = { saveData?: boolean; effectiveType?: string };

/** The browser's own wish to save data, or a slow network. */
export function networkIsPoor(): boolean {
  const connection = (navigator as { connection?: Connection }).connection;
  return Boolean(connection?.saveData) || /2g/.test(connection?.effectiveType ?? "");
}
