import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { answerIn, api, ApiError, apiTagged, call, failureOf, readCsrfFrom } from "./api";
import { serverNowMs } from "./clock";
import { localPath } from "./pages";
import { createStore } from "./store";

let sent: { url: string; options: RequestInit & { headers: Record<string, string> } }[];
let reply: () => Response | Promise<Response>;

beforeEach(() => {
  sent = [];
  readCsrfFrom(() => "token");
  vi.stubGlobal("fetch", (url: string, options: RequestInit) => {
    sent.push({ url, options: options as (typeof sent)[0]["options"] });
    return Promise.resolve().then(reply);
  });
});
afterEach(() => vi.useRealTimers());

const says =
  (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  () =>
    new Response(status === 304 ? null : JSON.stringify(body), { status, headers });
const failure = (call: Promise<unknown>): Promise<ApiError> =>
  call.then(
    () => expect.unreachable("it was refused"),
    (error: ApiError) => error,
  );

it("asks without a body, and sends one with its kind and the token that no other site has", async () => {
  reply = says({ a: 1 });
  expect(await api("/me")).toEqual({ a: 1 });
  expect(await api("/work/draw", { body: { n: 2 } })).toEqual({ a: 1 });
  const [get, post] = sent;
  expect([get!.url, get!.options.method, get!.options.headers]).toEqual(["/api/v1/me", "GET", { Accept: "application/json" }]);
  expect([post!.options.method, post!.options.body]).toEqual(["POST", '{"n":2}']);
  expect(post!.options.headers).toMatchObject({ "X-CSRFToken": "token", "Content-Type": "application/json" });
  expect(sent.every(({ options }) => options.credentials === "same-origin" && options.cache === "no-store")).toBe(true);
});

it("is answered in the language of the app, whatever the browser's is", async () => {
  reply = says({});
  answerIn(() => "zu");
  await api("/me");
  expect(sent[0]!.options.headers["Accept-Language"]).toBe("zu");
  answerIn(() => "");
});

it("gives what it knows when nothing changed, and the tag of what is new", async () => {
  const known = { tag: '"1"', body: ["old"] };
  reply = says(null, 304);
  expect(await apiTagged("/work/leases", known)).toBe(known);
  expect(sent[0]!.options.headers["If-None-Match"]).toBe('"1"');
  reply = says(["new"], 200, { ETag: '"2"' });
  expect(await apiTagged("/work/leases", known)).toEqual({ tag: '"2"', body: ["new"] });
});

it("tells a refusal with its code, and when to come again", async () => {
  reply = says({ error: { code: "too_many_requests", field: "", message: "Wait." } }, 429, { "Retry-After": "7" });
  expect(await failure(api("/work/draw", { body: {} }))).toMatchObject({ status: 429, message: "Wait.", retryAfterS: 7, refusal: { code: "too_many_requests" }, mayPass: true, signedOut: false });
});

it.each([
  [0, true, false],
  [400, false, false],
  [401, false, true],
  [403, false, true],
  [408, true, false],
  [409, false, false],
  [500, true, false],
  [503, true, false],
])("a reply of %i: the same again may pass %s, signed out %s", (status, mayPass, signedOut) => {
  const error = new ApiError(status, "");
  expect([error.mayPass, error.signedOut]).toEqual([mayPass, signedOut]);
});

it("goes by the status alone where no server of ours has spoken", async () => {
  reply = () => new Response("<html>Sign in to the hotel's network</html>", { status: 511 });
  expect(await failure(api("/me"))).toMatchObject({ status: 511, refusal: {}, mayPass: true });
  reply = () => new Response("<html>fine</html>");
  expect(await call("/x")).toBeNull();
});

it("takes silence for no network, after a while", async () => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", (_: string, { signal }: { signal: AbortSignal }) => new Promise((_, fail) => signal.addEventListener("abort", () => fail(new Error("aborted")))));
  const waiting = failure(api("/me", { timeoutMs: 1000 }));
  await vi.advanceTimersByTimeAsync(1001);
  expect(await waiting).toMatchObject({ status: 0, mayPass: true });
});

it("reads the server's clock in each reply, also in one that refuses", async () => {
  const date = new Date(Date.now() + 86_400_000).toUTCString();
  reply = says({}, 404, { Date: date });
  await failure(api("/nowhere"));
  expect(Math.abs(serverNowMs() - Date.parse(date))).toBeLessThan(5_000);
});

it("tells a fault of this phone from a refusal, and writes it down", () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const refused = new ApiError(409, "No.");
  expect(failureOf(refused)).toBe(refused);
  expect(failureOf(new TypeError("disk"))).toMatchObject({ ofThisPhone: true, mayPass: false, signedOut: false });
  expect(said).toHaveBeenCalledOnce();
});

it.each([
  ["https://proxy.example/api/v1/work/history?cursor=a%3D", "/work/history?cursor=a%3D"],
  ["/api/v1/me", "/me"],
])("follows %s under its own roof", (address, path) => {
  expect(localPath(address)).toBe(path);
});

it("tells who watches a value, until she stops", () => {
  const store = createStore(1);
  const seen: number[] = [];
  const stop = store.watch((value) => seen.push(value));
  store.set(2);
  store.set((now) => now + 1);
  stop();
  store.set(9);
  expect([seen, store.get()]).toEqual([[2, 3], 9]);
});
