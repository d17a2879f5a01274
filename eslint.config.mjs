import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import globals from "globals";
import typescript from "typescript-eslint";

export default defineConfig(
  globalIgnores(["**/target/", "js/dist/", "www/dist/", "js/src/wasm/", "tests/packaging/consumer.ts"]),
  js.configs.recommended,
  {
    rules: { eqeqeq: "error", "no-eval": "error", "no-implied-eval": "error", "no-new-func": "error" },
  },
  {
    files: ["**/*.mjs", "www/src/sw.js"],
    languageOptions: { globals: { ...globals.browser, ...globals.nodeBuiltin } },
  },
  {
    files: ["examples/deno/**", "examples/netlify/**", "tests/platforms/netlify/**"],
    languageOptions: { globals: { ...globals.denoBuiltin, Netlify: "readonly" } },
  },
  {
    files: ["examples/service-worker/**"],
    languageOptions: { globals: globals.serviceworker },
  },
  {
    files: ["**/*.ts", "**/*.tsx"],
    ignores: ["**/*.d.ts"],
    extends: [typescript.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: ["js/tsconfig.json", "www/tsconfig.json"], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "max-lines": ["error", 400],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // An async function may have nothing to wait for on one runtime of several.
      "@typescript-eslint/require-await": "off",
      // What this package calls apart from its object are closures, which have no `this` to lose.
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
);
