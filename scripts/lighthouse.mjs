// Prints what Lighthouse says of the main pages with what keeps a score under 100, and how long the first page takes to come alive on a
// processor that is four times slower. Both start their own browser.
//   lighthouse.mjs ADDRESS DEMO.JSON
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [address, demoFile] = process.argv.slice(2);
if (!address || !demoFile) throw new Error('usage: lighthouse.mjs ADDRESS DEMO.JSON');
const installed = createRequire(new URL('../.tools/lighthouse/package.json', import.meta.url));
const load = async (name) => import(pathToFileURL(installed.resolve(name)).href);
const { default: lighthouse } = await load('lighthouse');
const { default: puppeteer } = await load('puppeteer-core');

const PAGES = ['/', '/numbers', '/board'];
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];
const SLOWER = 4;
const RUNS = 5;
const chromium = process.env.CHROME_PATH ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));

/** The cookie of somebody of the demo who is signed in. */
async function cookie() {
  const { users } = JSON.parse(readFileSync(demoFile, 'utf8'));
  const { email, password } = users.find((user) => user.email.startsWith('mara'));
  const answer = await fetch(`${address}/rpc/accounts/sign-in`, {
    method: 'POST',
    headers: { accept: 'application/json', origin: address, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email, password }),
  });
  const set = answer.headers.get('set-cookie');
  if (!set) throw new Error(`signing in: ${answer.status}`);
  return set.split(';')[0];
}

/** Audits that count in a category and are not perfect, with what they say. */
function faults(report, category) {
  const counted = report.categories[category].auditRefs.filter((ref) => ref.weight > 0);
  const imperfect = counted.map((ref) => report.audits[ref.id]).filter((audit) => audit.score !== null && audit.score < 1);
  return imperfect.map((audit) => `${audit.id}${audit.displayValue ? ` (${audit.displayValue})` : ''}`);
}

const browser = await puppeteer.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const Cookie = await cookie();
  const { port } = new URL(browser.wsEndpoint());
  for (const path of PAGES) {
    const extraHeaders = path === '/' ? undefined : { Cookie };
    const { lhr } = await lighthouse(address + path, { port: Number(port), onlyCategories: CATEGORIES, extraHeaders, logLevel: 'error' });
    const scores = CATEGORIES.map((category) => `${category} ${Math.round(lhr.categories[category].score * 100)}`);
    console.log(`Lighthouse ${path.padEnd(10)} ${scores.join(', ')}`);
    for (const category of CATEGORIES.filter((category) => lhr.categories[category].score < 1)) {
      console.log(`  ${category}: ${faults(lhr, category).join('; ')}`);
    }
  }
  const times = [];
  for (let run = 0; run < RUNS; run += 1) {
    // Nothing is kept between two runs.
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await page.emulateCPUThrottling(SLOWER);
    await page.evaluateOnNewDocument(() => {
      const watch = new MutationObserver(() => {
        if (document.documentElement?.hasAttribute('data-hydrated')) {
          window.aliveAt = performance.now();
          watch.disconnect();
        }
      });
      watch.observe(document, { attributes: true, childList: true, subtree: true });
    });
    await page.goto(`${address}/`);
    await page.waitForFunction(() => window.aliveAt);
    times.push(await page.evaluate(() => window.aliveAt));
    await context.close();
  }
  times.sort((one, other) => one - other);
  const told = times.map((time) => Math.round(time)).join(', ');
  console.log(`first page alive on a processor ${SLOWER} times slower: ${Math.round(times[Math.floor(RUNS / 2)])} ms in the middle of ${RUNS} (${told})`);
} finally {
  await browser.close();
}
