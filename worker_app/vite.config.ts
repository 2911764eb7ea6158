import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { build, defineConfig, type Plugin, type UserConfig } from "vite";
import { inFileNames, languages, languageOfWords } from "./dev/languages.ts";

const ROOT = import.meta.dirname;
const TASK_TYPES = resolve(ROOT, "../labelling/task_types");
const BASE = "/app/";
/** What the app and the console's editor both begin with, in one file: as many small ones it would cost a slow phone a second more. */
const SHARED = /worker_app\/src\/(app|i18n|outbox|prefetch|geometry|screens\/parts|screens\/task\/(history|asked|done_key))|node_modules\/preact/;
/** The console's alone: no phone keeps it. */
const EDITOR = /^editor\.html$|^assets\/(locale-[\w-]+-)?editor-/;

/** Task widgets live beside their type, outside this folder: their imports of packages resolve as if they stood in src/. */
const packagesForWidgets: Plugin = {
  name: "packages-for-widgets",
  enforce: "pre",
  resolveId(source, importer) {
    const bare = /^[a-z]/.test(source);
    return bare && importer?.startsWith(TASK_TYPES) ? this.resolve(source, join(ROOT, "src/main.tsx")) : null;
  },
};

function filesUnder(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** Builds src/sw.ts after the app, with the list of files to keep and a version made of their contents. */
function serviceWorker(): Plugin {
  let outDir = "";
  return {
    name: "service-worker",
    apply: "build",
    configResolved(config) {
      outDir = resolve(ROOT, config.build.outDir);
    },
    async closeBundle() {
      const kept = filesUnder(outDir).filter((name) => !/^sw\.js$|512|maskable/.test(name) && !EDITOR.test(name));
      const version = createHash("sha256");
      const page = readFileSync(join(outDir, "index.html"), "utf8");
      const first = [BASE, ...[...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((found) => found[1]!)];
      for (const name of kept) version.update(name).update(readFileSync(join(outDir, name)));
      await build({
        ...shared,
        configFile: false,
        publicDir: false,
        define: {
          __VERSION__: JSON.stringify(version.digest("hex").slice(0, 16)),
          __PRECACHE__: JSON.stringify(kept.map(addressOf)),
          __FIRST__: JSON.stringify(kept.filter((name) => first.includes(addressOf(name))).map(addressOf)),
        },
        build: {
          outDir,
          emptyOutDir: false,
          target: "es2021",
          rolldownOptions: { input: join(ROOT, "src/sw.ts"), output: { format: "iife", entryFileNames: "sw.js" } },
        },
      });
    },
  };
}

const shared: UserConfig = {
  root: ROOT,
  base: BASE,
  logLevel: "warn",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  resolve: { alias: { "@app": join(ROOT, "src") } },
};

export default defineConfig({
  ...shared,
  plugins: [packagesForWidgets, languages(join(ROOT, "locales"), TASK_TYPES), serviceWorker()],
  server: { fs: { allow: [resolve(ROOT, "..")] }, proxy: { "^/(api|_allauth|media)/": "http://localhost:8000" } },
  build: {
    target: "es2021",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: join(ROOT, "index.html"), editor: join(ROOT, "editor.html") },
      output: {
        codeSplitting: { groups: [{ name: "shared", test: SHARED }] },
        entryFileNames: "assets/[name]-[hash].js",
        chunkFileNames: (chunk) => `assets/${chunkName(chunk.facadeModuleId ?? "", chunk.name)}-[hash].js`,
        assetFileNames: (asset) => `assets/${chunkName(asset.originalFileNames[0] ?? "", "[name]")}-[hash][extname]`,
      },
    },
  },
  // A busy machine is slow, not wrong: what hangs still fails.
  test: { include: ["src/**/*.test.{ts,tsx}", "../labelling/task_types/*/phone/*.test.{ts,tsx}"], environment: "node", testTimeout: 30_000 },
} as UserConfig);

const addressOf = (name: string): string => BASE + (name === "index.html" ? "" : name);

/** Names that budgets.json can speak of: type-<name>, locale-zu-work; the words of a type are a part of their language, what else it fetches is called of-<name>. */
function chunkName(module: string, name: string): string {
  const [, type, file] = /task_types\/(\w+)\/phone\/([\w-]+)\.\w+$/.exec(module) ?? [];
  const [, locale, part] = /locales\/([\w-]+)\/(\w+)\.json/.exec(module) ?? [];
  const first = languageOfWords(module);
  if (first) return `locale-${inFileNames(first)}-first`;
  if (type) return file === "widget" ? `type-${type}` : module.endsWith(".json") ? `locale-${inFileNames(file!)}-${type}` : `of-${type}-${file}`;
  return locale ? `locale-${inFileNames(locale)}-${part}` : name;
}
