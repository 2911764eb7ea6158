// docs/openapi.json -> src/app/contract.ts, with `--check`: whether it is what it would be. Run it by `npm run contract`.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";

const APP = join(dirname(fileURLToPath(import.meta.url)), "..");
const TO = join(APP, "src/app/contract.ts");
const BANNER = "/** Generated from docs/openapi.json by `npm run contract`: every shape of the API, none of them typed by hand. */\n/* eslint-disable */";

/** Every component under its own name; one root refers to them all, so that none is left out, and is dropped again. */
async function written() {
  const text = readFileSync(join(APP, "../docs/openapi.json"), "utf8").replaceAll("#/components/schemas/", "#/definitions/");
  const definitions = JSON.parse(text).components.schemas;
  const properties = Object.fromEntries(Object.keys(definitions).map((name) => [name, { $ref: `#/definitions/${name}` }]));
  const root = { type: "object", additionalProperties: false, properties, definitions };
  const made = await compile(root, "Everything", { additionalProperties: false, bannerComment: BANNER, style: { printWidth: 120 } });
  return made.replace(/export interface Everything \{[^}]*\}\n/, "");
}

const made = await written();
if (process.argv.includes("--check")) {
  if (readFileSync(TO, "utf8") !== made) {
    console.error("src/app/contract.ts is not what docs/openapi.json says: npm run contract");
    process.exit(1);
  }
} else writeFileSync(TO, made);
