import { expect, it } from "vitest";
import * as drafting from "@app/screens/task/history";
import { afterTask, COVERED_NUDGE_MS } from "@app/screens/task/rest";
import { inCents, microOf } from "@app/screens/micro";
import { chooseVariant, readActivity, readPeaks } from "@app/prefetch/media";
import { isLive, packSize } from "@app/prefetch/pack";
import { identify } from "./auth";
import { ActiveClock, keepServerClockWith, recallServerClock, sawServerClock, serverNowMs, type Seen } from "./clock";
import { localPath } from "./pages";

it("undoes step by step, with typing in one go and looking not at all", () => {
  let drafts = drafting.begin("");
  drafts = drafting.change(drafts, "a", "typing", 10_000);
  drafts = drafting.change(drafts, "ab", "typing", 10_300);
  drafts = drafting.change(drafts, "ab c", "typing", 20_000);
  drafts = drafting.change(drafts, "ab c!", "silent", 20_100);
  expect(drafts.steps).toEqual(["", "ab", "ab c!"]);
  drafts = drafting.undo(drafting.undo(drafts));
  expect(drafting.latest(drafts)).toBe("");
  expect(drafting.undo(drafts)).toBe(drafts);
});

it("takes 20 tasks or 2 MB, no more than the lease covers, few when data are dear, many when she takes them along", () => {
  const [free, dear, along] = [{ thrift: false }, { thrift: true }, { thrift: false, pack: true }];
  expect(packSize({ bytes_per_task: 1_000, task_s: 5 }, 0, free)).toBe(20);
  expect(packSize({ bytes_per_task: 200_000, task_s: 5 }, 0, free)).toBe(10);
  expect(packSize({ bytes_per_task: 5_000_000, task_s: 5 }, 0, free)).toBe(1);
  expect(packSize({ bytes_per_task: 1_000, task_s: 300 }, 0, free)).toBe(5);
  expect(packSize({ bytes_per_task: 1_000, task_s: 300, lease_s: 3600 }, 0, free)).toBe(10);
  expect(packSize({ bytes_per_task: 1_000, task_s: 5 }, 17, free)).toBe(3);
  expect(packSize({ bytes_per_task: 1_000, task_s: 5 }, 25, free)).toBe(0);
  expect(packSize({ bytes_per_task: 1_000, task_s: 5 }, 0, dear)).toBe(3);
  const hours = { bytes_per_task: 1_000, task_s: 300, lease_s: 1800, pack_s: 43_200 };
  expect(packSize(hours, 0, along)).toBe(60);
  expect(packSize({ ...hours, bytes_per_task: 400_000 }, 0, along)).toBe(20);
  expect(packSize({ ...hours, pack_s: 7200 }, 0, along)).toBe(20);
});

it("lets a lease go shortly before the server does", () => {
  const lease = { lease: "x", batch: 1, project: 1, item: { id: 1 }, expires_at: "2026-01-01T00:10:00Z" };
  const end = Date.parse(lease.expires_at);
  expect(isLive(lease, end - 60_000)).toBe(true);
  expect(isLive(lease, end - 10_000)).toBe(false);
});

it("goes by the server's clock when the phone's is wrong", () => {
  sawServerClock("Thu, 01 Jan 2026 00:00:00 GMT", 1_000);
  expect(serverNowMs(6_000)).toBe(Date.parse("2026-01-01T00:00:05Z"));
  sawServerClock(null, 0);
  expect(serverNowMs(6_000)).toBe(Date.parse("2026-01-01T00:00:05Z"));
});

it("keeps what it saw of the server's clock, seldom, and never believes a phone that lost its own", () => {
  const written: Seen[] = [];
  keepServerClockWith((seen) => written.push(seen));
  const server = Date.parse("2026-01-01T12:00:00Z");
  const fast = server + 7_200_000;
  sawServerClock(new Date(server).toUTCString(), fast);
  sawServerClock(new Date(server + 1000).toUTCString(), fast + 1000);
  expect(written).toEqual([{ serverMs: server, phoneMs: fast }]);
  expect(serverNowMs(fast + 3_600_000)).toBe(server + 3_600_000);
  sawServerClock(new Date(server + 2000).toUTCString(), server); // she set it right: that is written down at once
  expect(written).toHaveLength(2);
  expect(serverNowMs(Date.parse("2015-01-01T00:00:00Z"))).toBe(server + 2000);
  recallServerClock({ serverMs: 0, phoneMs: 0 }); // from an earlier visit: older than what was seen since
  expect(serverNowMs(server)).toBe(server + 2000);
});

it("counts active time, not lunch", () => {
  let now = 0;
  const clock = new ActiveClock(() => now);
  now = 5_000;
  clock.beat();
  now = 3_605_000;
  clock.beat(); // an hour without a sign of life counts as a minute
  now += 600_000;
  clock.resume(); // the page was hidden: nothing
  now += 2_000;
  expect(clock.readMs()).toBe(67_000);
});

it("says rest after 45 minutes, once, and starts anew after a pause", () => {
  const minute = 60_000;
  let { stretch, nudge } = afterTask(undefined, 0);
  const nudges: number[] = [];
  for (let at = 5; at <= 100; at += 5) {
    ({ stretch, nudge } = afterTask(stretch, at * minute));
    if (nudge) nudges.push(at);
  }
  expect(nudges).toEqual([45, 90]);
  expect(afterTask(stretch, 140 * minute)).toEqual({ stretch: { startMs: 140 * minute, lastMs: 140 * minute, nudgedMs: 140 * minute }, nudge: false });
});

it("says rest sooner where the work may disturb", () => {
  const minute = 60_000;
  let { stretch, nudge } = afterTask(undefined, 0, COVERED_NUDGE_MS);
  const nudges: number[] = [];
  for (let at = 5; at <= 50; at += 5) {
    ({ stretch, nudge } = afterTask(stretch, at * minute, COVERED_NUDGE_MS));
    if (nudge) nudges.push(at);
  }
  expect(nudges).toEqual([20, 40]);
});

it("picks the picture that the screen needs, one smaller to save data", () => {
  const of = (bytes: number) => ({ url: `u${bytes}`, bytes });
  const media = { kind: "image" as const, variants: { "320": of(1), "640": of(2), "1280": of(3) } };
  expect(chooseVariant(media, 640, false).mediaUrl).toBe("u2");
  expect(chooseVariant(media, 640, true).mediaUrl).toBe("u1");
  expect(chooseVariant(media, 300, true).mediaUrl).toBe("u1");
  expect(chooseVariant(media, 4000, false).mediaUrl).toBe("u3");
  const sound = { kind: "audio" as const, variants: { opus: of(9), peaks: of(1) } };
  expect(chooseVariant(sound, 640, true)).toEqual({ mediaUrl: "u9", peaksUrl: "u1", bytes: 10 });
});

it("reads where something is heard, and nothing of a sound from before that was written", () => {
  expect(
    readActivity({
      peaks: [1],
      activity: [
        [0, 900],
        [1200, 2000],
      ],
    }),
  ).toEqual([
    [0, 900],
    [1200, 2000],
  ]);
  expect([readActivity({ peaks: [1] }), readActivity([1]), readActivity(null), readActivity({ activity: [["a", 1], [3]] })]).toEqual([[], [], [], []]);
});

it("reads peaks in any unit", () => {
  expect(readPeaks({ version: 1, peaks: [0, 50, -100] })).toEqual([0, 0.5, 1]);
  expect(readPeaks([])).toBeNull();
  expect(readPeaks({})).toBeNull();
});

it("reads money as she types it, never upwards", () => {
  expect(microOf("1,25")).toBe(1_250_000);
  expect(microOf(" 0.1 ")).toBe(100_000);
  expect(microOf("0.0243339")).toBe(24_333);
  expect(["1 250,50", "1\u00a0250.5", "7.", "0012"].map(microOf)).toEqual([1_250_500_000, 1_250_500_000, 7_000_000, 12_000_000]);
  for (const none of ["abc", "", " ", "1.000,50", "1,000.50", "1e3", "-5", "+5", "0x10", "12 50", "Infinity", "9".repeat(30), "1,2,3", ",", "1,000"]) expect(microOf(none), none).toBeNull();
  expect(inCents(617_433)).toBe("0.61");
});

it("tells an e-mail from a phone number", () => {
  expect(identify(" thandi@example.org ")).toEqual({ email: "thandi@example.org" });
  expect(identify("082 123 4567")).toEqual({ phone: "+27821234567" });
  expect(identify("0027 82 123 4567")).toEqual({ phone: "+27821234567" });
  expect(identify("+254 700 000000")).toEqual({ phone: "+254700000000" });
});

it("follows the next page wherever the server thinks it lives", () => {
  expect(localPath("http://inner:8000/api/v1/work/history?before=7")).toBe("/work/history?before=7");
});
