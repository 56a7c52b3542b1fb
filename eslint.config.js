// What the browser's scripts and their tests must keep to; `npm run lint` runs it with the type checker.
import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    rules: {
      eqeqeq: "error",
      "no-control-regex": "off", // Python's blanks are such
      "no-implicit-globals": "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  { files: ["templates/static/**"], languageOptions: { globals: globals.browser } },
  { files: ["templates/static/page.js"], languageOptions: { sourceType: "script" } },
  { files: ["tests/templates/**", "*.js"], languageOptions: { globals: globals.node } },
];
