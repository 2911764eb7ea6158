// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { addParts, confirmed, setLanguage, t } from "@app/i18n";
import { begin, settled, type Server } from "@app/testing/page";
import { askSpeakers } from "./speakers";

let server: Server;
beforeEach(async () => {
  server = await begin([]);
  confirmed.set(["en"]);
  await setLanguage("sw");
});

describe("what speakers of her language said", () => {
  it("is on the screen at once, in the parts that come later, and without network the next time", async () => {
    server.says("/languages/sw/words", { body: { confirmed: ["en", "sw"], mended: { "nav.work": "Kazi zote", "hold.title": "Pochi yangu", "not.ours": "x" } } });
    await askSpeakers();
    expect([t("nav.work"), t("not.ours"), confirmed.get()]).toEqual(["Kazi zote", "not.ours", ["en", "sw"]]);
    await addParts(["account"]);
    expect(t("hold.title")).toBe("Pochi yangu");
    server.says("/languages/sw/words", () => {
      throw new TypeError("no network");
    });
    await setLanguage("xh");
    expect(t("nav.work")).not.toBe("Kazi zote");
    await setLanguage("sw");
    confirmed.set(["en"]);
    await askSpeakers();
    await settled();
    expect([t("nav.work"), confirmed.get()]).toEqual(["Kazi zote", ["en", "sw"]]);
  });
});
