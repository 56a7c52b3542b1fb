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
  { ignores: ["templates/viewer/built/**"] },
  { files: ["templates/viewer/page/**"], languageOptions: { globals: globals.browser } },
  { files: ["templates/viewer/worker/**"], languageOptions: { globals: globals.worker } },
  { files: ["tests/templates/**", "*.js", "templates/viewer/*.js"], languageOptions: { globals: globals.node } },
];
