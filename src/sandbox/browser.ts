import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** What the person at the stub browser does. */
export interface BrowserPerson {
  /** The account's address, typed into the form. */
  account: string;
  /** Default: some password; an account that has one needs the right one. */
  password?: string;
  /** The code a device shows, for the device page. */
  code?: string;
  /** Press Cancel instead of Sign in. */
  cancel?: boolean;
  /** PEM of the certificate to trust. */
  ca: string;
}

/** The page the browser ended on. */
export interface BrowserPage {
  url: string;
  status: number;
  body: string;
}

interface Form {
  action: string;
  fields: Map<string, string>;
  /** The page submits it by script. */
  submitsItself: boolean;
}

const MAX_STEPS = 8;

function attribute(tag: string, name: string): string | undefined {
  const raw = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
  return raw
    ?.replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');
}

function readForm(html: string, base: string): Form | undefined {
  const tag = /<form\b[^>]*>/.exec(html)?.[0];
  if (!tag) return undefined;
  const fields = new Map<string, string>();
  for (const [input] of html.matchAll(/<input\b[^>]*>/g)) {
    const name = attribute(input, 'name');
    if (name !== undefined) fields.set(name, attribute(input, 'value') ?? '');
  }
  return {
    action: new URL(attribute(tag, 'action') ?? '', base).href,
    fields,
    submitsItself: html.includes('document.forms[0].submit()'),
  };
}

/** On a page where accounts are chosen: the form of the person's, or the way out; undefined elsewhere. */
function choiceOf(page: BrowserPage, person: BrowserPerson): Form | undefined {
  const forms = [...page.body.matchAll(/<form\b[\s\S]*?<\/form>/g)].flatMap(([html]) => readForm(html, page.url) ?? []);
  return forms.find(({ fields }) => (person.cancel ? fields.has('cancel') : fields.get('email') === person.account));
}

function load(url: string, ca: string, form?: Map<string, string>): Promise<BrowserPage & { location?: string }> {
  const body = form && new URLSearchParams([...form]).toString();
  const headers = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
  const method = body === undefined ? 'GET' : 'POST';
  return new Promise((resolve, reject) => {
    const options = { method, headers, ca, agent: false };
    const request = (url.startsWith('https:') ? httpsRequest : httpRequest)(url, options, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('error', reject);
      answer.on('end', () => {
        const { location } = answer.headers;
        const page = { url, status: answer.statusCode ?? 0, body: text };
        resolve(location === undefined ? page : { ...page, location: new URL(location, url).href });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/**
 * Behaves as the browser of a person who signs in: opens the page, fills the form, presses the button, follows
 * redirects and the forms that submit themselves, up to the page that needs nothing more (the app's own loopback page,
 * the device page's thanks, or an error page). Needs the sandbox's real pages; it knows no endpoint.
 */
export async function browse(start: string, person: BrowserPerson): Promise<BrowserPage> {
  let page = await load(start, person.ca);
  let signedIn = false;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    if (page.location !== undefined) {
      page = await load(page.location, person.ca);
      continue;
    }
    const form = readForm(page.body, page.url);
    if (!form) return page;
    const choice = choiceOf(page, person);
    if (choice !== undefined) {
      page = await load(choice.action, person.ca, choice.fields);
    } else if (form.submitsItself) {
      page = await load(form.action, person.ca, form.fields);
    } else if (form.fields.has('otc') && person.code !== undefined) {
      // The same code twice would not be a person.
      const code = person.code;
      page = await load(form.action, person.ca, form.fields.set('otc', code));
      if (readForm(page.body, page.url)?.fields.has('otc')) return page;
    } else if (form.fields.has('login') && !signedIn) {
      signedIn = true;
      form.fields.set('login', person.account).set('passwd', person.password ?? 'correct horse');
      form.fields.set('action', person.cancel ? 'cancel' : 'signin');
      page = await load(form.action, person.ca, form.fields);
    } else {
      return page;
    }
  }
  throw new Error(`the stub browser went round in circles, last at ${new URL(page.url).pathname}`);
}
