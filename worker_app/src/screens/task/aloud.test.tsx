// @vitest-environment happy-dom
/** Instructions that are read aloud: by a voice on the phone, of their language, and only when she asks. */
import { beforeEach, expect, it, vi } from "vitest";
import { begin, found, press, show } from "@app/testing/page";
import { voiceFor } from "@app/app/speech";
import { Instructions } from "./Aloud";

type Said = { text: string; lang: string; onend?: () => void; onerror?: () => void };
let said: Said[];
let cancelled: number;
const VOICES = [
  { lang: "en-US", localService: false },
  { lang: "en-GB", localService: true },
  { lang: "en_ZA", localService: true },
  { lang: "fr-FR", localService: false },
];

const SOUND = { language: "zu", url: "https://media.example/opus.ogg?e=9999999999&s=x", bytes: 9, duration_ms: 900, recorded: true };

beforeEach(async () => {
  said = [];
  cancelled = 0;
  await begin(["first", "work"]);
  vi.stubGlobal("speechSynthesis", {
    getVoices: () => VOICES,
    speak: (one: Said) => said.push(one),
    cancel: () => void cancelled++,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  });
  vi.stubGlobal(
    "SpeechSynthesisUtterance",
    class {
      lang = "";
      constructor(readonly text: string) {}
    },
  );
});

it("takes a voice that lies on the phone, her country's first, and none that sends the text away", () => {
  expect(voiceFor("en-ZA")?.lang).toBe("en_ZA");
  expect(voiceFor("en")?.lang).toBe("en-GB");
  expect(voiceFor("fr")).toBeUndefined();
  expect(voiceFor("zu")).toBeUndefined();
});

it("has no key where neither a sound nor a voice of the phone is of the language of the text", () => {
  show(<Instructions texts={{ zu: "Bheka isithombe." }} spoken={{ ...SOUND, language: "en" }} />);
  expect(found("aloud")).toBeNull();
});

it("reads what stands there, piece by piece, only when asked, and stops", async () => {
  show(<Instructions texts={{ en: "# Look\n\nIs it **good**?\n\n- yes\n- no" }} />);
  expect(said).toEqual([]);
  await press("aloud");
  expect(said.map((one) => one.text)).toEqual(["Look", "Is it good?", "yes", "no"]);
  expect(said.every((one) => one.lang === "en-GB")).toBe(true);
  expect(found("aloud")!.textContent).toBe("Stop reading");
  const before = cancelled;
  await press("aloud");
  expect(cancelled).toBe(before + 1);
  expect(found("aloud")!.textContent).toBe("Read it to me");
});

it("plays the sound that came with them, says whose voice it is, and stops", async () => {
  const played: Player[] = [];
  class Player {
    onended?: () => void;
    paused = false;
    constructor(readonly url: string) {
      played.push(this);
    }
    play = () => Promise.resolve();
    pause = () => (this.paused = true);
  }
  const held = new Response("a sound");
  vi.stubGlobal("Audio", Player);
  vi.stubGlobal("caches", { open: () => Promise.resolve({ match: () => Promise.resolve(held.clone()) }) });
  show(<Instructions texts={{ zu: "Bheka isithombe." }} spoken={SOUND} />);
  expect(found("whose-voice")!.textContent).toBe("Recorded by a person.");
  await press("aloud");
  await vi.waitFor(() => expect(played).toHaveLength(1));
  expect(said).toEqual([]);
  expect(found("aloud")!.textContent).toBe("Stop reading");
  await press("aloud");
  expect(played[0]!.paused).toBe(true);
  expect(found("aloud")!.textContent).toBe("Read it to me");
});

it("plays nothing that she stopped while it was fetched", async () => {
  const played = vi.fn();
  class Player {
    play = () => Promise.resolve(played());
    pause = () => undefined;
  }
  let arrive: (sound: Response) => void = () => undefined;
  vi.stubGlobal("Audio", Player);
  vi.stubGlobal("caches", { open: () => Promise.resolve({ match: () => new Promise<Response>((found) => (arrive = found)) }) });
  show(<Instructions texts={{ zu: "Bheka isithombe." }} spoken={SOUND} />);
  await press("aloud");
  await press("aloud");
  arrive(new Response("a sound"));
  await new Promise((later) => setTimeout(later, 20));
  expect(played).not.toHaveBeenCalled();
});

it("reads by the phone's voice where the sound is not to be had", async () => {
  vi.spyOn(console, "info").mockImplementation(() => undefined);
  vi.stubGlobal("caches", { open: () => Promise.reject(new Error("no network")) });
  show(<Instructions texts={{ en: "Look." }} spoken={{ ...SOUND, language: "en", recorded: false }} />);
  expect(found("whose-voice")!.textContent).toBe("Spoken by a computer.");
  await press("aloud");
  await vi.waitFor(() => expect(said.map((one) => one.text)).toEqual(["Look."]));
});

it("says that it can be read again once it is over", async () => {
  show(<Instructions texts={{ en: "Look." }} />);
  await press("aloud");
  said.at(-1)!.onend!();
  await vi.waitFor(() => expect(found("aloud")!.textContent).toBe("Read it to me"));
});
