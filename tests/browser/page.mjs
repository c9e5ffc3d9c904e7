// Opens the web page in a browser and answers commands, one a line, each with one line of JSON:
//   node page.mjs URL PASSWORD, then  read | since-start | await STATE | show SCHEME WIDTH [FILE] | noise
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const [url, password] = process.argv.slice(2);
const PATIENCE_MS = 50_000;
const complaints = [];
const requests = new Set();
let isExpectedToFail = false;

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-dev-shm-usage"] });
const context = await browser.newContext({ httpCredentials: { username: "operator", password }, viewport: { width: 1280, height: 900 } });
const page = await context.newPage();
page.setDefaultTimeout(PATIENCE_MS);
page.on("console", message => isExpectedToFail || complaints.push(`${message.type()}: ${message.text()}`));
page.on("pageerror", error => complaints.push(String(error)));
page.on("request", request => requests.add(request.url()));

const isPoll = target => target.url().endsWith("/live.json");
const stateIs = state => page.waitForSelector(`#connection[data-state=${state}]`);

/** Waits until the page shows what the server counted after now: the poll that begins next has been drawn when another begins. */
async function drawn() {
  await page.waitForRequest(isPoll);
  await page.waitForResponse(isPoll);
  await page.waitForRequest(isPoll);
}

/** Everything the page shows, by table, row and heading, as texts and as titles. */
const read = () => page.evaluate(() => {
  const cellsOf = row => Object.fromEntries([...row.cells].map(cell => [cell.dataset.label, { text: cell.textContent, title: cell.title }]));
  const table = id => Object.fromEntries([...document.querySelectorAll(`#${id} tbody tr`)].map(row => [row.cells[0].textContent, cellsOf(row)]));
  return {
    connection: document.getElementById("connection").textContent,
    isDimmed: document.getElementById("main").classList.contains("stale"),
    tiles: Object.fromEntries([...document.querySelectorAll(".tiles div")].map(tile => [tile.children[0].textContent, tile.children[1].textContent])),
    protocols: table("protocols"),
    handshakes: table("handshakes"),
    backends: table("backends"),
    pools: table("pools"),
    areBlocksShown: !document.getElementById("blocks-card").hidden,
    blocks: table("blocks"),
    failures: Object.fromEntries([...document.querySelectorAll("#failures li")].map(item => [item.dataset.key, item.children[1].textContent])),
    series: [...document.querySelectorAll("#graph .series")].map(line => line.dataset.key),
  };
});

const commands = {
  async read() {
    await drawn();
    return read();
  },
  async "since-start"() {
    await page.getByText("all since the start").click();
    return {};
  },
  async await(state) {
    isExpectedToFail = state === "stale";
    await stateIs(state);
    return read();
  },
  async show(colorScheme, width, file) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: Number(width), height: 900 });
    await drawn();
    if (file) {
      await page.screenshot({ path: file, fullPage: true });
    }
    return page.evaluate(() => ({
      scrollWidth: document.documentElement.scrollWidth,
      background: getComputedStyle(document.body).backgroundColor,
      clipped: [...document.querySelectorAll("main td, main dd, main h2, main li")].filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 1).map(e => e.textContent),
    }));
  },
  async noise() {
    return { complaints, requests: [...requests] };
  },
};

await page.goto(url);
await stateIs("live");
console.log(JSON.stringify({ ready: true }));
for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...rest] = line.split(" ");
  console.log(JSON.stringify(await commands[name](...rest)));
}
await browser.close();
