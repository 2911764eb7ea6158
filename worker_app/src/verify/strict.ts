import type { Json } from "./bytes";

/** The same value, but a field that is not there throws instead of being undefined: what is missing must not pass for equal. */
export function strict(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, {
    get(target, key) {
      if (!(key in target)) throw new TypeError(`${String(key)} is missing`);
      const found = Reflect.get(target, key);
      return Object.hasOwn(target, key) ? strict(found) : found;
    },
  });
}
