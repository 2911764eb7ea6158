// @vitest-environment happy-dom
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { getMeta } from "@app/outbox/db";
import { alert, begin, clear, found, ME, press, said, settled, show, type, type Server } from "@app/testing/page";
import { PayoutSheet } from "./PayoutSheet";

let server: Server;
const [close, sent] = [vi.fn(), vi.fn()];

beforeEach(async () => {
  server = (await begin()).says("/wallet/terms", { body: { new_number_wait_s: 86_400 } });
  close.mockClear();
  sent.mockClear();
  await open();
});

async function open(): Promise<void> {
  clear();
  show(<PayoutSheet me={ME} close={close} sent={sent} />);
  await settled();
}
const asked = () => server.sent("/wallet/payouts") as { id: string; amount_micro: number; destination: { phone: string } }[];
const kept = () => getMeta<{ amount_micro: number }>("payout:w1");

describe("asking for money", () => {
  it("is looked at before it leaves: how much, to where", async () => {
    server.says("/wallet/payouts", { status: 201, body: {} });
    await type("payout-amount", "2,50");
    await press("payout-send");
    expect(asked()).toEqual([]);
    expect(found("payout-look")!.textContent).toContain("+27821234567");
    expect(found("payout-look")!.textContent).toMatch(/2[.,]50/);
    await press("payout-send");
    expect(asked()).toMatchObject([{ amount_micro: 2_500_000, destination: { phone: "+27821234567" } }]);
    expect([close.mock.calls.length, sent.mock.calls.length]).toEqual([1, 1]);
    expect(await kept()).toBeUndefined();
  });

  it.each(["abc", "1.000,50", "1e3", "-5"])("asks anew for an amount that cannot be read: %j. It never asks for everything instead", async (amount) => {
    await type("payout-amount", amount);
    await press("payout-send");
    await press("payout-send");
    expect(alert()).toBe("Write the amount in figures, for example 12.50.");
    expect([asked(), found("payout-look")]).toEqual([[], null]);
    await type("payout-amount", "3");
    await press("payout-send");
    expect([alert(), found("payout-look") !== null]).toEqual(["", true]);
  });

  it("can be changed after the look", async () => {
    await press("payout-send");
    await press("payout-change");
    await type("payout-phone", "+27830000000");
    await press("payout-send");
    expect(found("payout-look")!.textContent).toContain("+27830000000");
  });

  it("says beforehand how long money to a new number waits", () => expect(said()).toContain("24"));
});

describe("when the line is dead", () => {
  beforeEach(async () => {
    await type("payout-amount", "2");
    await press("payout-send");
    await press("payout-send");
  });

  it("the request is kept, and the very same is repeated: it can only be paid once", async () => {
    expect(alert()).toContain("Your request is kept");
    server.says("/wallet/payouts", { status: 201, body: {} });
    await press("payout-send");
    const [first, second] = asked();
    expect(second).toEqual(first);
    expect(sent).toHaveBeenCalledOnce();
  });

  it("it is there again after the page was closed, whatever is typed by then", async () => {
    await open();
    expect(found("payout-amount")).toBeNull();
    server.says("/wallet/payouts", { status: 201, body: {} });
    await press("payout-send");
    const [first, second] = asked();
    expect(second).toEqual(first);
    expect(await kept()).toBeUndefined();
  });
});

describe("when it is refused", () => {
  it("nothing is kept, and she reads why", async () => {
    server.refuses("/wallet/payouts", "day_limit", "In 24 hours at most 100 USD are paid out.");
    await press("payout-send");
    await press("payout-send");
    expect(alert()).not.toBe("");
    expect(await kept()).toBeUndefined();
    expect(found("payout-amount")).not.toBeNull();
  });

  it("until she has shown that it is she, it waits, and then goes on by itself", async () => {
    server.refuses("/wallet/payouts", "sign_in_again", "Show that it is you.", 403).says("/me/confirm", { body: { sent_to: "t…@example.org" } });
    await press("payout-send");
    await press("payout-send");
    expect(said()).toContain("t…@example.org");
    server.says("/wallet/payouts", { status: 201, body: {} });
    await type("confirm-code", " 123 456 ");
    await press("confirm-send");
    const [first, second] = asked();
    expect(second).toEqual(first);
    expect(server.sent("/me/confirm").at(-1)).toEqual({ code: "123 456" });
    expect(sent).toHaveBeenCalledOnce();
  });
});
