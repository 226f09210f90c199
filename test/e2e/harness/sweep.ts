// What is looked at in every window, as scripts for the page: plain texts, as a page is no Node.
import type { Page } from 'playwright-core';

/** What the Tab key is to reach: all that can be used and seen; of radio buttons of one name, one. */
const STOPS = `(() => {
  const all = [...document.querySelectorAll('button, input, select, textarea, summary, a[href], [tabindex]')];
  const seen = all.filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({ visibilityProperty: true }));
  const nameOf = (one) => one.tagName.toLowerCase() + (one.id ? '#' + one.id : '') + ' ' +
    (one.ariaLabel ?? one.textContent ?? '').trim().slice(0, 40);
  globalThis.stopNames = (one) => one === null || one === document.body ? 'body' : nameOf(one);
  globalThis.stops = seen;
  return seen.length;
})()`;

/** Where the focus is, and whether it can be seen. */
const FOCUS = `(() => {
  const one = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(one);
  const { top, bottom, left, right } = one.getBoundingClientRect();
  return {
    at: globalThis.stops.indexOf(one),
    name: globalThis.stopNames(one),
    isVisible: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1,
    isInSight: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
  };
})()`;

interface Focus {
  readonly at: number;
  readonly name: string;
  readonly isVisible: boolean;
  readonly isInSight: boolean;
}

/** Presses Tab until it has gone round, and says what was wrong: not reached, not seen, or no way round. */
export async function tabFindings(page: Page): Promise<readonly string[]> {
  const count = await page.evaluate<number>(STOPS);
  const reached = new Set<number>();
  const wrong = new Set<string>();
  // A stop more for what only shows with the focus, and for the page itself, which comes between the last and the first.
  const most = 2 * count + 20;
  for (let pressed = 0; pressed < most && reached.size < count; pressed += 1) {
    await page.keyboard.press('Tab');
    const { at, name, isVisible, isInSight } = await page.evaluate<Focus>(FOCUS);
    if (name === 'body') continue;
    if (at >= 0) reached.add(at);
    if (!isVisible) wrong.add(`no visible focus: ${name}`);
    if (!isInSight) wrong.add(`focus out of sight: ${name}`);
  }
  const missing = await page.evaluate<readonly string[]>(
    `globalThis.stops.filter((one, at) => !${JSON.stringify([...reached])}.includes(at) && one.isConnected).map(globalThis.stopNames)`,
  );
  return [...wrong, ...missing.map((name) => `not reached by Tab: ${name}`)];
}

/** What stands out of the window to the side, but for what scrolls in itself. */
export const overflowFindings = (page: Page): Promise<readonly string[]> =>
  page.evaluate<readonly string[]>(`(() => {
    const root = document.documentElement;
    const found = root.scrollWidth > root.clientWidth ? ['the page: ' + root.scrollWidth + ' of ' + root.clientWidth] : [];
    const isScrolled = (one) => {
      for (let at = one; at !== null; at = at.parentElement)
        if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(at).overflowX) && at !== one) return true;
      return false;
    };
    for (const one of document.body.querySelectorAll('*')) {
      const { left, right, width } = one.getBoundingClientRect();
      if (width === 0 || (left >= -1 && right <= root.clientWidth + 1) || isScrolled(one)) continue;
      found.push(one.tagName + '.' + one.className + ' ' + Math.round(left) + '…' + Math.round(right));
    }
    return found.slice(0, 8);
  })()`);

/** Where things are, from the side where lines begin. @returns by what they are, in CSS pixels */
const PLACES = `(() => {
  const rtl = document.documentElement.dir === 'rtl';
  const width = document.documentElement.clientWidth;
  const what = 'h1, h2, h3, button, input, select, label, li, section, .card, .dot, .sign, .mark, .now, .tick, .working, time, dt, dd';
  return [...document.querySelectorAll(what)].filter((one) => one.checkVisibility()).map((one) => {
    const { left, right } = one.getBoundingClientRect();
    return { name: one.tagName + '.' + one.className + ' ' + (one.textContent ?? '').trim().slice(0, 30),
      start: rtl ? width - right : left, end: rtl ? width - left : right };
  });
})()`;

interface Place {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Rounding, and widths of the same text set the other way. */
const MIRROR_SLACK = 3;

/** Turns the page to be read from right to left, and says what does not stand where a mirror would have it. */
export async function mirrorFindings(page: Page): Promise<readonly string[]> {
  const before = await page.evaluate<readonly Place[]>(PLACES);
  await page.evaluate("document.documentElement.dir = 'rtl'");
  const after = await page.evaluate<readonly Place[]>(PLACES);
  return after.flatMap(({ name, start, end }, at) => {
    const was = before[at];
    if (was === undefined || was.name !== name) return [`changed meanwhile: ${name}`];
    const isMirrored = Math.abs(start - was.start) < MIRROR_SLACK && Math.abs(end - was.end) < MIRROR_SLACK;
    return isMirrored ? [] : [`not mirrored: ${name}: ${was.start}…${was.end} became ${start}…${end}`];
  });
}

/** What moves, with one of each thing that could put in: nothing is to when less motion is wished. */
export const motions = (page: Page): Promise<readonly string[]> =>
  page.evaluate<readonly string[]>(`(async () => {
    const probe = document.createElement('div');
    for (const name of ['spinner', 'turning']) probe.append(Object.assign(document.createElement('span'), { className: name }));
    document.body.append(probe);
    const first = document.querySelector('input[role=switch]')?.cloneNode();
    if (first) probe.append(first);
    getComputedStyle(probe).opacity;
    probe.offsetWidth;
    if (first) first.checked = !first.checked;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const found = document.getAnimations().filter(({ playState }) => playState === 'running')
      .map(({ animationName, transitionProperty }) => animationName ?? transitionProperty);
    probe.remove();
    return found;
  })()`);

/**
 * Has the page watch, at every frame from now on, for a focus that has gone to nowhere and stays there: what takes the place of
 * something takes the focus a frame later.
 */
export const watchFocus = (page: Page): Promise<void> =>
  page.evaluate(`(() => {
    globalThis.lostAfter = [];
    let held = 'the beginning';
    let frames = 0;
    const look = () => {
      const one = document.activeElement;
      const isNowhere = one === null || one === document.body;
      frames = isNowhere ? frames + 1 : 0;
      if (frames === 3) globalThis.lostAfter.push(held);
      if (!isNowhere) held = (one.ariaLabel ?? one.textContent ?? '').trim().slice(0, 40);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  })()`);

/** What had the focus before it was nowhere, since `watchFocus`; some frames are waited for. */
export const lostFocus = (page: Page): Promise<readonly string[]> =>
  page.evaluate<readonly string[]>(`(async () => {
    for (let frame = 0; frame < 5; frame += 1) await new Promise(requestAnimationFrame);
    return globalThis.lostAfter;
  })()`);
