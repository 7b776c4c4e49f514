import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

export default ts.config(
  { ignores: ["dist", "dist-fixture", "src/gen"] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: {
      parserOptions: { parser: ts.parser, svelteConfig, extraFileExtensions: [".svelte"] },
    },
  },
  {
    rules: {
      "no-console": "error",
      eqeqeq: "error",
      // Patient data never reaches the browser's storage; the one exception is the theme, which says so where it is kept.
      "no-restricted-globals": ["error", "localStorage", "sessionStorage", "indexedDB"],
      "svelte/require-each-key": "error",
      "svelte/no-at-html-tags": "error",
      // A state class keeps plain maps and timers beside its runes on purpose.
      "svelte/prefer-svelte-reactivity": "off",
      // `{" "}` keeps a blank that the compiler would trim.
      "svelte/no-useless-mustaches": "off",
    },
  },
  { files: ["scripts/**", "tests/**"], rules: { "no-console": "off", "no-restricted-globals": "off" } },
);
