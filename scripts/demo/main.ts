// The demo itself, started by scripts/demo.mjs with its findings as one JSON argument.
import { setTimeout as sleep } from 'node:timers/promises';
import { startControl } from '../../src/sandbox/control.ts';
import { Narrator } from './narrator.ts';
import { Panel } from './panel.ts';
import { Story } from './story.ts';
import { byLine, followLog, lastLogLines, Telling } from './telling.ts';
import { type Job, World } from './world.ts';

/** How long the app may take to read its calendar first; milliseconds. */
const START_PATIENCE = 60_000;

/** Something that must be there is not; the message says what to do. */
class CannotGoOn extends Error {}

const job = JSON.parse(process.argv[2] ?? '') as Job;
const began = Date.now();
const narrator = new Narrator(job.color);
const telling = new Telling(narrator);
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());

const isOver = new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve(), { once: true }));

/** A desktop's tray and notifications; null where the desktop has its own, or nothing to show. */
async function openPanel(notices: string[]): Promise<Panel | null> {
  if (!job.panel) return null;
  let shown = '';
  return Panel.open({
    onNotification: (title, body) => {
      notices.push(title);
      narrator.tell('notice', `${title} — ${body}`);
    },
    // The tray's own times are real ones; here it is only told what it says.
    onTray: (toolTip) => {
      const said = toolTip.replace(/( until| —|, then).*$/, '');
      if (said !== shown) narrator.tell('menu bar', `the icon says "${said}"`);
      shown = said;
    },
  });
}

/** Tokens into the keychain and the sign-in to Microsoft 365, by the same command line that a person has. */
async function setUp(world: World): Promise<void> {
  const { known } = world.sandbox;
  narrator.heading('Setting up');
  narrator.say('Stand-ins of Microsoft sign-in, Microsoft Graph, HipChat and Slack run on this machine.');
  for (const [kind, name, token] of [
    ['hctoken', 'HipChat', known.hipchatToken],
    ['slacktoken', 'Slack', known.slackToken],
  ] as const) {
    const { code, err } = await world.keep(kind, token);
    if (code !== 0) throw new CannotGoOn(err.replace(/^hipstatus: /, '').trim());
    narrator.say(`hipstatus secret set ${kind}: the ${name} token is in your keychain (the demo's own item).`);
  }
  const { code, err } = await world.signIn((userCode, address) => {
    narrator.say(`hipstatus sign-in --device-code: code ${userCode}, entered at ${address} by a stub browser.`);
  });
  if (code !== 0) throw new CannotGoOn(err.replace(/^hipstatus: /, '').trim());
  narrator.say(`Signed in to Microsoft 365 as ${known.account}.`);
}

/** Starts HipStatus and waits until it has read the calendar. */
async function startApp(world: World): Promise<void> {
  let output = '';
  const logLine = byLine((line) => telling.log(line));
  const what = job.electron === null ? 'hipstatus sync --watch' : `the app, on Electron ${job.electron.version}`;
  narrator.say(`Starting ${what}.`);
  world.start(job, (text) => {
    output = `${output}${text}`.slice(-4_000);
    if (job.electron === null) logLine(text);
  });
  const deadline = Date.now() + START_PATIENCE;
  while (telling.calendarReads === 0) {
    if (!world.appIsRunning) throw new CannotGoOn(`HipStatus has ended while starting:\n${output.trim()}`);
    if (Date.now() > deadline) throw new CannotGoOn(`HipStatus has not read its calendar in time:\n${output.trim()}`);
    await sleep(25, undefined, { signal: stop.signal });
  }
  // Everything of the first run is told before the day begins.
  await sleep(300, undefined, { signal: stop.signal });
}

async function stay(world: World): Promise<void> {
  const control = await startControl(world.sandbox);
  narrator.use((at) => new Date(at).toTimeString().slice(0, 5));
  telling.clock = (at) => new Date(at).toTimeString().slice(0, 8);
  const post = (action: string, body: string) =>
    `  curl -s ${control.url}/${action} -H 'content-type: application/json' -d ${body}`;
  const { urls } = world.sandbox;
  narrator.heading('Now it is yours. Real time from here on; Ctrl-C ends it.');
  for (const line of [
    'In another terminal, in this folder (this line first):',
    `  export HIPSTATUS_HOME=${world.home} HIPSTATUS_MANAGED=${world.env['HIPSTATUS_MANAGED']}`,
    '',
    'A meeting from now on for one minute; then a sync, so that you need not wait for the next five-minute mark:',
    `  S=$(node -p 'new Date().toISOString()') E=$(node -p 'new Date(Date.now()+6e4).toISOString()')`,
    post('addEvent', `'{"subject":"Try it","start":"'$S'","end":"'$E'"}'`),
    '  npm run -s hipstatus -- sync',
    'Set HipChat by hand in the middle of it, and sync again:',
    post('setHipchatPresence', `'{"show":"chat","status":"Ask me"}'`),
    'The next three answers of hipchat (or slack, or graph) are 503:',
    post('outage', `'{"service":"hipchat","times":3}'`),
    'What the services hold; what HipStatus says:',
    post('state', `'{}'`),
    '  npm run -s hipstatus -- status',
    '',
    ...Object.entries(urls).map(([name, url]) => `${name.padEnd(10)}${url}`),
    `${'log'.padEnd(10)}${world.home}/logs/HipStatus.log`,
    '',
  ]) {
    narrator.say(line);
  }
  await isOver;
  await control.close();
}

async function play(world: World): Promise<number> {
  const notices: string[] = [];
  world.sandbox.onExchange((exchange) => telling.exchange(exchange));
  await setUp(world);
  const panel = await openPanel(notices);
  const stopLog = followLog(world, (line) => telling.log(line));
  try {
    await startApp(world);
    narrator.heading("Ada's day (an hour takes six seconds)");
    const story = new Story({
      world,
      narrator,
      telling,
      signal: stop.signal,
      notices: job.panel && job.electron !== null ? notices : null,
    });
    await story.play();
    if (!job.stay) await story.quit();
    const code = summary(world, story);
    if (job.stay) await stay(world);
    return code;
  } finally {
    stopLog();
    telling.close();
    panel?.close();
  }
}

function summary(world: World, { passed, failed }: Story): number {
  const seconds = Math.round((Date.now() - began) / 1_000);
  if (failed > 0) {
    narrator.heading('The last lines of the log');
    for (const line of lastLogLines(world, 40)) narrator.say(line);
  }
  const { hipchat, slack } = telling.writes;
  narrator.heading(
    failed === 0
      ? `All ${passed} checks passed in ${seconds} s: ${telling.calendarReads} calendar reads, ${hipchat} writes to HipChat, ${slack} to Slack.`
      : `${failed} of ${passed + failed} checks failed.`,
  );
  if (failed === 0 && !job.stay)
    narrator.say('Next: npm run demo -- --stay to try things by hand, npm start for your own calendar.');
  return failed === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const world = await World.open();
  try {
    return await play(world);
  } catch (thrown) {
    if (stop.signal.aborted) return job.stay ? 0 : 130;
    narrator.say(thrown instanceof CannotGoOn ? `\nThe demo can't go on: ${thrown.message}` : String(thrown));
    return 1;
  } finally {
    for (const left of await world.close(job.panel)) narrator.say(`Could not be removed: ${left}`);
    narrator.close();
  }
}

process.exitCode = await main();
