export function readCookie(name: string): string {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(name + "="));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

export const csrfCookie = (): string => readCookie("__Host-csrftoken") || readCookie("csrftoken");
