/**
 * Instructions read aloud by the phone's own voice. Only by a voice that lies on the phone: others send the text away, cost her data, and
 * are silent without signal.
 */
const base = (tag: string): string => tag.split(/[-_]/)[0]!.toLowerCase();

const engine = (): SpeechSynthesis | null => ("speechSynthesis" in globalThis ? speechSynthesis : null);

/** A voice of this phone for the language, the one of her country first where there are several; undefined: none. */
export function voiceFor(language: string): SpeechSynthesisVoice | undefined {
  const voices = (engine()?.getVoices() ?? []).filter((voice) => voice.localService && base(voice.lang) === base(language));
  return voices.find((voice) => voice.lang.replace("_", "-") === language) ?? voices[0];
}

/** Some browsers know their voices only a moment after they are asked. */
export function onVoices(look: () => void): () => void {
  const voices = engine();
  voices?.addEventListener?.("voiceschanged", look);
  return () => voices?.removeEventListener?.("voiceschanged", look);
}

/** One after the other: browsers cut what is long. done: at the end, or where it breaks off. */
export function readAloud(pieces: string[], voice: SpeechSynthesisVoice, done: () => void): void {
  hush();
  pieces.forEach((text, k) => {
    const said = new SpeechSynthesisUtterance(text);
    said.voice = voice;
    said.lang = voice.lang;
    said.onerror = done;
    if (k === pieces.length - 1) said.onend = done;
    engine()!.speak(said);
  });
}

export function hush(): void {
  engine()?.cancel();
}
