/** What a bundle promises, recomputed: labelling/proof/bundle_checks.py line for line, so that both give the same findings. */
import { canonical, canonicalHash, rootFromProof, same, sha256Hex, type Json } from "./bytes";
import { buildStatement, checkHeaders, commitmentLeaf, goldLeaf, isSigned, statementLeaf } from "./documents";
import { bonusFor, RULE_HASHES, scoreBps } from "./pay";
import { confidencePpm, decide } from "./rule";

type Claims = Generator<[holds: boolean, sentence: string]>;

function* signature(bundle: Json): Claims {
  const unsigned = Object.fromEntries(
    Object.keys(bundle)
      .filter((key) => key !== "signature")
      .map((key) => [key, bundle[key]]),
  );
  yield [bundle.v === "bundle-1", "This verifier knows bundle-1 only."];
  yield [isSigned(unsigned, bundle.signature, bundle.public_key), "The bundle is not as the platform signed it."];
}

function* rule(bundle: Json): Claims {
  const { text, version } = bundle.rule;
  const hash = RULE_HASHES.get(version) ?? "";
  const ours = sha256Hex(text) === hash && same(bundle.rule, { version, hash, text });
  yield [ours, "The pay rule is not the one that this verifier computes."];
}

function* headers(bundle: Json): Claims {
  const numbers = bundle.headers.map((header: Json) => header.number);
  yield [numbers.includes(bundle.period), `The header of period ${bundle.period} is missing.`];
  const broken = checkHeaders(bundle.headers);
  yield [!broken.length, broken.join(" ")];
  for (const anchor of bundle.anchors) {
    const header = headerOf(bundle, anchor.number);
    const fits = anchor.root === header.statements_root && anchor.header_hash === canonicalHash(header);
    yield [fits, `What is anchored for period ${anchor.number} is not its header.`];
  }
}

function* statement(bundle: Json): Claims {
  for (const { statement: said, lines, proof } of bundle.statements) {
    yield [same(said, buildStatement(said, lines)), `The ${said.currency} statement is not the sum of its lines.`];
    const root = rootFromProof(statementLeaf(said), proof);
    const inside = said.period === bundle.period && root === headerOf(bundle, said.period).statements_root;
    yield [inside, `The ${said.currency} statement is not in the tree of period ${bundle.period}.`];
  }
}

function* receipts(bundle: Json): Claims {
  const ids = bundle.answers.map((answer: Json) => answer.receipt.answer_id);
  if (ids.length) yield [new Set(ids).size === ids.length, "An answer stands twice in the bundle."];
  for (const { receipt, signature: signed, value } of bundle.answers) {
    const good = isSigned(receipt, signed, bundle.public_key) && receipt.v === "receipt-1";
    yield [good, `The receipt of ${receipt.answer_id} is not signed by the platform's key.`];
    yield [receipt.worker === bundle.worker, `The receipt of ${receipt.answer_id} is another worker's.`];
    yield [canonicalHash(value) === receipt.answer_hash, `The answer ${receipt.answer_id} is not the one that was received.`];
  }
}

function* offers(bundle: Json): Claims {
  const known = new Map<string, Json>(bundle.offers.map((one: Json) => [canonicalHash(one.offer), one.offer]));
  if (known.size !== bundle.offers.length) throw new RangeError("an offer twice");
  for (const one of bundle.offers) {
    const leaf = commitmentLeaf("offer", one.offer.batch, canonicalHash(one.offer));
    yield [isCommitted(bundle, leaf, one), `The offer of batch ${one.offer.batch} was not fixed in a header.`];
    const ours = one.offer.rule_hash === RULE_HASHES.get(one.offer.rule_version);
    yield [ours, `Batch ${one.offer.batch} was offered under another pay rule.`];
  }
  for (const { receipt } of bundle.answers) {
    const offer = known.get(receipt.offer_hash);
    const fits = !!offer && ["batch", "base_micro", "bonus_micro", "currency"].every((name) => offer[name] === receipt[name]);
    yield [fits, `The receipt of ${receipt.answer_id} does not quote its batch's offer.`];
  }
}

function* pay(bundle: Json): Claims {
  const answers = new Map<string, Json>(bundle.answers.map((answer: Json) => [answer.receipt.answer_id, answer]));
  const seen = new Set<string>();
  for (const { statement: said, lines } of bundle.statements) {
    for (const { key, kind, amount_micro } of lines) {
      yield [!seen.has(key), `The line ${key} stands twice.`];
      seen.add(key);
      const [verb, answerId] = [key.split(":")[0], key.slice(key.indexOf(":") + 1)];
      if (["earn", "settle", "refuse"].includes(verb)) {
        const answer = answers.get(answerId);
        const right = answer && answer.receipt.currency === said.currency && kind === verb;
        const due = right ? dueMicro(verb, answer) : null;
        yield [amount_micro === due, sayPay(key, amount_micro, due)];
      } else {
        const known = kind.startsWith("payout") || amount_micro >= 0;
        yield [known, `The line ${key} takes money, and no rule that this verifier knows says so.`];
      }
    }
  }
  for (const id of answers.keys()) {
    const paid = ["earn", "settle", "refuse"].some((verb) => seen.has(`${verb}:${id}`));
    yield [paid, `The answer ${id} has no line in the statement.`];
  }
}

/** What the line must be by the receipt and the rule; null when the bundle has nothing that it could rest on. */
function dueMicro(verb: string, { receipt, settlement }: Json): number | null {
  if (verb === "earn") return receipt.base_micro;
  if (verb === "refuse") return -receipt.base_micro;
  if (settlement === null || settlement.score_bps !== scoreBps(settlement.counts)) return null;
  const bonus = bonusFor(receipt.bonus_micro, settlement.score_bps);
  return settlement.base_micro === receipt.base_micro && settlement.bonus_micro === bonus ? bonus : null;
}

function sayPay(key: string, amount: number, due: number | null): string {
  if (due === null) return `The line ${key} has no receipt and counts that it could rest on.`;
  return `The line ${key} is ${amount} and should be ${due}.`;
}

function* counts(bundle: Json): Claims {
  const last = new Map<string, number[]>();
  for (const { receipt, settlement } of bundle.answers) {
    if (settlement === null) continue;
    if (settlement.counts.length !== 4) throw new RangeError("counts");
    const [right, seen, agreed, decided] = settlement.counts;
    const before = last.get(receipt.project);
    last.set(receipt.project, settlement.counts);
    const [moreAgreed, moreDecided] = settlement.agreed === null ? [0, 0] : [Number(settlement.agreed), 1];
    if (!before) continue;
    const grown = agreed - before[2]! === moreAgreed && decided - before[3]! === moreDecided;
    yield [grown && right >= before[0]! && seen >= before[1]!, `The counts at ${receipt.answer_id} do not follow those before.`];
  }
}

function* decisions(bundle: Json): Claims {
  const known = new Map<string | null, Json>(bundle.decisions.map((one: Json) => [canonicalHash(one.decision), one]));
  if (known.size) yield [known.size === bundle.decisions.length, "A decision stands twice in the bundle."];
  for (const one of bundle.decisions) yield* decision(bundle, one);
  for (const answer of bundle.answers) {
    if (answer.settlement !== null) yield* vote(answer, known.get(answer.settlement.decision));
  }
}

/** Her answer was used as it should be, and measured against the decision as it should be. */
function* vote(answer: Json, one: Json | undefined): Claims {
  const { receipt, settlement: settled } = answer;
  if (!one) {
    const none = settled.agreed === null && settled.counted === null && settled.decision === null;
    yield [none, `The decision of item ${receipt.item} is missing.`];
    return;
  }
  yield [one.decision.item === receipt.item, `The answer ${receipt.answer_id} was measured by another item.`];
  const votes = one.inputs.votes.map((given: Json) => `${given.seq} ${given.answer_hash}`);
  const used = votes.includes(`${receipt.seq} ${receipt.answer_hash}`);
  yield [used === settled.counted, `The answer ${receipt.answer_id} was left out of its decision, or put into it.`];
  yield [!used || settled.agreed !== null, `The answer ${receipt.answer_id} was not measured by its decision.`];
  if (one.inputs.labels.length && settled.agreed !== null) {
    const fits = same(answer.value, one.value) === settled.agreed;
    yield [fits, `The answer ${receipt.answer_id} is said to disagree, or to agree, and does not.`];
  }
}

function* decision(bundle: Json, one: Json): Claims {
  const { decision: said, inputs } = one;
  const { item } = said;
  const leaf = commitmentLeaf("decision", item, canonicalHash(said));
  yield [isCommitted(bundle, leaf, one), `The decision of item ${item} was not fixed in a header.`];
  yield [inputs.item === item && canonicalHash(inputs) === said.inputs_hash, `The votes on item ${item} are not those of its decision.`];
  yield [canonicalHash(one.value) === said.value_hash, `The value of item ${item} is not the decided one.`];
  if (inputs.labels.length) yield [same(one.value, { label: decide(inputs) }), `The votes on item ${item} decide otherwise.`];
  if ("softening" in inputs) {
    // not in decisions of earlier rules
    yield [inputs.confidence_ppm === confidencePpm(inputs), `The votes on item ${item} are not as sure as is said.`];
  }
}

function* golds(bundle: Json): Claims {
  const roots = bundle.offers.map((one: Json) => one.offer.gold_root);
  const items = bundle.answers.map((answer: Json) => answer.receipt.item);
  const met = bundle.golds.map((one: Json) => one.gold.item);
  if (met.length) yield [new Set(met).size === met.length, "A known answer stands twice in the bundle."];
  for (const { gold, truth, proof } of bundle.golds) {
    const fixed = roots.includes(rootFromProof(goldLeaf(gold), proof));
    yield [fixed, `The known answer of item ${gold.item} was not fixed when its batch opened.`];
    yield [canonicalHash(truth) === gold.truth_hash, `The known answer of item ${gold.item} was changed.`];
    yield [items.includes(gold.item), `Item ${gold.item} is not among the answers.`];
  }
}

function headerOf(bundle: Json, number: number): Json {
  const found = bundle.headers.find((header: Json) => header.number === number);
  if (!found) throw new RangeError(`header ${canonical(number)} is missing`);
  return found;
}

function isCommitted(bundle: Json, leaf: Uint8Array, one: Json): boolean {
  const root = rootFromProof(leaf, one.proof);
  const header = bundle.headers.find((candidate: Json) => candidate.number === one.period);
  return !!header && root === header.commitments_root;
}

export const CHECKS: [string, (bundle: Json) => Claims][] = [
  ["signature", signature],
  ["rule", rule],
  ["headers", headers],
  ["statement", statement],
  ["receipts", receipts],
  ["offers", offers],
  ["pay", pay],
  ["counts", counts],
  ["decisions", decisions],
  ["golds", golds],
];
