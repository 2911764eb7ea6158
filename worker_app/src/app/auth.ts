import { ApiError, call, failureOf } from "./api";
import { csrfCookie } from "./cookies";

/** allauth headless, browser client. A 401 with a pending flow is its way of saying "go on with this step". */
const AUTH = "/_allauth/browser/v1/";
type Flow = { id: string; is_pending?: boolean };
type Reply = { data?: { flows?: Flow[] }; errors?: { message: string; code: string; param?: string }[] };
export type Step = "in" | "code" | "verify_email" | "verify_phone" | "mfa";

/** Sign-in that did not work, with the server's sentence and what it is about. */
export class SignInError extends Error {
  constructor(
    message: string,
    readonly code = "",
    readonly param = "",
  ) {
    super(message);
  }
}

/** An address with @ is an e-mail; anything else is a phone number, brought to E.164 (+27 for local ones): sign-in takes no other. */
export function identify(text: string): { email: string } | { phone: string } {
  const typed = text.trim();
  if (typed.includes("@")) return { email: typed };
  const digits = typed.replace(/[^\d+]/g, "").replace(/^00/, "+");
  return { phone: digits.startsWith("+") ? digits : "+27" + digits.replace(/^0/, "") };
}

async function post(path: string, body: unknown): Promise<Step> {
  if (!csrfCookie()) await call(AUTH + "config");
  try {
    await call<Reply>(AUTH + path, { body });
    return "in";
  } catch (error) {
    return nextStep(failureOf(error));
  }
}

function nextStep(failure: ApiError): Step {
  const reply = (failure.body ?? {}) as Reply;
  const pending = reply.data?.flows?.find((flow) => flow.is_pending)?.id;
  if (pending === "login_by_code") return "code";
  if (pending === "verify_email" || pending === "verify_phone") return pending;
  if (pending === "mfa_authenticate") return "mfa";
  if (failure.status === 409) return "in"; // already signed in
  const [first] = reply.errors ?? [];
  if (!first) throw failure; // no word of the sign-in itself: the network, or the server, is away
  throw new SignInError(first.message, first.code, first.param);
}

export const requestCode = (who: string): Promise<Step> => post("auth/code/request", identify(who));
export const signUp = (who: string, language: string): Promise<Step> => post("auth/signup", { ...identify(who), language });
export const withPassword = (who: string, password: string): Promise<Step> => post("auth/login", { ...identify(who), password });

const CONFIRM = { code: "auth/code/confirm", verify_email: "auth/email/verify", verify_phone: "auth/phone/verify", mfa: "auth/2fa/authenticate" };

export function confirmCode(step: Exclude<Step, "in">, code: string): Promise<Step> {
  const typed = code.trim().toUpperCase();
  return post(CONFIRM[step], step === "verify_email" ? { key: typed } : { code: typed });
}

type Credentials = { parseRequestOptionsFromJSON(json: unknown): PublicKeyCredentialRequestOptions; parseCreationOptionsFromJSON(json: unknown): PublicKeyCredentialCreationOptions };
const credentials = (): Credentials => PublicKeyCredential as unknown as Credentials;
export const hasPasskeys = (): boolean => typeof PublicKeyCredential !== "undefined" && "parseRequestOptionsFromJSON" in PublicKeyCredential;

export async function withPasskey(): Promise<Step> {
  const { data } = await call<{ data: { request_options: { publicKey: unknown } } }>(AUTH + "auth/webauthn/login");
  const publicKey = credentials().parseRequestOptionsFromJSON(data.request_options.publicKey);
  const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
  return post("auth/webauthn/login", { credential: credential.toJSON() });
}

/** Already signed in, and showing it again: before money goes to a new number. */
export async function confirmWithPasskey(): Promise<void> {
  const path = AUTH + "auth/webauthn/reauthenticate";
  const { data } = await call<{ data: { request_options: { publicKey: unknown } } }>(path);
  const publicKey = credentials().parseRequestOptionsFromJSON(data.request_options.publicKey);
  const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
  await call(path, { body: { credential: credential.toJSON() } });
}

export async function addPasskey(name: string): Promise<void> {
  const path = AUTH + "account/authenticators/webauthn";
  const { data } = await call<{ data: { creation_options: { publicKey: unknown } } }>(path + "?passwordless");
  const publicKey = credentials().parseCreationOptionsFromJSON(data.creation_options.publicKey);
  const credential = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  await call(path, { body: { name, credential: credential.toJSON() } });
}
