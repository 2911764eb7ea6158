import { createStore } from "./store";

/** Where she is: the part of the address after `#/`, split at slashes. Works on any server and offline. */
const read = (): string[] => location.hash.replace(/^#\/?/, "").split("/").filter(Boolean);
export const route = createStore<string[]>(read());
addEventListener("hashchange", () => route.set(read()));

export function go(path: string): void {
  location.hash = "#/" + path;
}
