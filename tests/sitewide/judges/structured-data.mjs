// structured-data-testing-tool over the pages on the command line, after the types that each must have at its root:
// a line of JSON for each page, its path and what failed or was warned of.
import { readFileSync } from "node:fs";
import tool from "structured-data-testing-tool";

const [types, ...paths] = process.argv.slice(2);
const schemas = types.split(",").map((type) => `jsonld:${type}`);
for (const path of paths) {
  let told;
  try {
    told = await tool.structuredDataTest(readFileSync(path, "utf8"), { schemas });
  } catch (error) {
    if (error.type !== "VALIDATION_FAILED") throw error;
    told = error.res;
  }
  const said = [...told.failed, ...told.warnings].map((one) => `${one.test}: ${one.description}`);
  console.log(JSON.stringify({ path, passed: told.passed.length, said }));
}
