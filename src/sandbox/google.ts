import { type GoogleAccountsSandbox, startGoogleAccounts } from './googleAccounts.ts';
import { type GoogleCalendarSandbox, startGoogleCalendar } from './googleCalendar.ts';
import { type SandboxAnswer, type SandboxRequest, type Service, startService } from './http.ts';
import type { Journal } from './journal.ts';
import { makeCertificate, type SandboxCertificate } from './tls.ts';

export type { GoogleEventInput } from './googleEvents.ts';

export interface GoogleOptions {
  tls?: SandboxCertificate;
  person?: { email: string; name: string };
  clientId?: string;
  clientSecret?: string;
  ports?: { accounts?: number; api?: number };
  journal?: Journal;
  now?: () => number;
}

/** Google's sign-in (the `emulate` package's) and Calendar (ours: the emulator knows neither sync tokens nor `transparency`). */
export interface GoogleSandbox {
  readonly certificate: SandboxCertificate;
  readonly known: Readonly<{ account: string; clientId: string; clientSecret: string }>;
  readonly accounts: GoogleAccountsSandbox;
  readonly calendar: GoogleCalendarSandbox;
  close(): Promise<void>;
}

const PERSON = { email: 'ada@contoso.example', name: 'Ada Lovelace' };
const CLIENT = { clientId: '1017-ada.apps.googleusercontent.example', clientSecret: 'GOCSPX-not-a-secret' };

async function accountsFor(options: GoogleOptions, seed: Readonly<Record<string, unknown>> = {}) {
  const certificate = options.tls ?? (await makeCertificate());
  const person = options.person ?? PERSON;
  const client = {
    clientId: options.clientId ?? CLIENT.clientId,
    clientSecret: options.clientSecret ?? CLIENT.clientSecret,
  };
  const shared = {
    tls: certificate,
    ...(options.journal === undefined ? {} : { journal: options.journal }),
    ...(options.now === undefined ? {} : { now: options.now }),
  };
  const accounts = await startGoogleAccounts({
    ...shared,
    ...client,
    people: [person],
    seed,
    port: options.ports?.accounts ?? 0,
  });
  return { certificate, shared, person, accounts, known: { account: person.email, ...client } };
}

/** Starts both. */
export async function startGoogle(options: GoogleOptions = {}): Promise<GoogleSandbox> {
  const { certificate, shared, person, accounts, known } = await accountsFor(options);
  try {
    const port = options.ports?.api ?? 0;
    const { inspect } = accounts;
    const calendar = await startGoogleCalendar({ ...shared, owner: person.email, inspect, port });
    const close = async () => void (await Promise.all([accounts.close(), calendar.close()]));
    return { certificate, known, accounts, calendar, close };
  } catch (error) {
    await accounts.close();
    throw error;
  }
}

/** Google as `emulate` alone plays it, its Calendar too; only recorded, and served over TLS. */
export interface EmulatedGoogle extends Omit<GoogleSandbox, 'calendar'> {
  readonly api: Service;
}

/** @param seed `emulate`'s own Google seed: `calendars`, `calendar_events` */
export async function startEmulatedGoogle(
  options: GoogleOptions,
  seed: Readonly<Record<string, unknown>>,
): Promise<EmulatedGoogle> {
  const { certificate, shared, accounts, known } = await accountsFor(options, seed);
  async function forward(request: SandboxRequest): Promise<SandboxAnswer> {
    const query = request.query.size > 0 ? `?${request.query}` : '';
    const type = request.headers['content-type'];
    const answer = await fetch(`${accounts.emulatorUrl}${request.path}${query}`, {
      method: request.method,
      headers: {
        authorization: String(request.headers['authorization'] ?? ''),
        ...(typeof type === 'string' ? { 'content-type': type } : {}),
      },
      ...(request.rawBody === '' ? {} : { body: request.rawBody }),
    });
    const kind = answer.headers.get('content-type');
    return { status: answer.status, headers: kind === null ? {} : { 'content-type': kind }, body: await answer.text() };
  }
  const port = options.ports?.api ?? 0;
  const notFound = () => ({ status: 404 });
  const api = await startService({ ...shared, name: 'google', port, routes: { '* *': forward }, notFound });
  const close = async () => void (await Promise.all([accounts.close(), api.close()]));
  return { certificate, known, accounts, api, close };
}
