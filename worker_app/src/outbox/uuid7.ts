/** UUID version 7 (RFC 9562): 48 bits of Unix milliseconds, then random bits; sorts by time. */
export function uuid7(nowMs = Date.now(), random = crypto.getRandomValues(new Uint8Array(10))): string {
  const bytes = new Uint8Array(16);
  bytes.set(random, 6);
  for (let k = 0; k < 6; k++) bytes[k] = Math.floor(nowMs / 2 ** (8 * (5 - k))) % 256;
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
