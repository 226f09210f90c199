import { readFile } from 'node:fs/promises';
import { AppError } from '../../core/appError.ts';
import { userPage } from './graphAnswers.ts';
import type { Tenant } from './tenant.ts';

/** Somebody of the organisation, as its directory or a list names them. */
export interface Listed {
  /** The directory's object id; from a list, the address. */
  readonly mailbox: string;
  /** In lower case. */
  readonly address: string;
  /** Empty where it is not told. */
  readonly name: string;
}

/** Whose calendars are to be read. Throws rather than tell half of them. */
export type ListPeople = (signal: AbortSignal) => Promise<readonly Listed[]>;

const SELECT = '$select=id,displayName,mail,accountEnabled&$top=999';
/** A thousand pages of 999 are a million people. */
const MOST_PAGES = 2_000;

async function pages(
  tenant: Tenant,
  path: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<readonly Listed[]> {
  const people = new Map<string, Listed>();
  let next: string | null = path;
  for (let page = 0; next !== null; page++) {
    if (page >= MOST_PAGES) {
      throw new AppError('badResponse', 'Microsoft 365 keeps sending more pages of people.', {
        reason: 'tooManyPages',
      });
    }
    const answer: Awaited<ReturnType<typeof userPage.parse>> = await tenant.call(next, userPage, signal, { headers });
    for (const { id, displayName, mail, accountEnabled } of answer.value) {
      const address = mail?.trim().toLowerCase() ?? '';
      // Who has no address has no mailbox; who may not sign in is not there.
      if (address === '' || accountEnabled === false) continue;
      people.set(id, { mailbox: id, address, name: displayName?.trim() ?? '' });
    }
    const link = answer['@odata.nextLink'];
    next = link ? tenant.pathOf(link) : null;
  }
  return [...people.values()];
}

/** Everybody of the tenant but guests (Graph, "List users"). */
export const wholeTenant =
  (tenant: Tenant): ListPeople =>
  (signal) =>
    pages(tenant, `/users?$filter=userType eq 'Member'&${SELECT}`.replaceAll(' ', '%20'), {}, signal);

/** A group's people, those of groups within it too (Graph, "List group transitive members"). */
export const groupMembers =
  (tenant: Tenant, group: string): ListPeople =>
  (signal) => {
    const path = `/groups/${encodeURIComponent(group)}/transitiveMembers/microsoft.graph.user?${SELECT}&$count=true`;
    // The directory's advanced queries, of which the cast is one, want both the header and the count.
    return pages(tenant, path, { consistencylevel: 'eventual' }, signal);
  };

const ADDRESS = /^[^\s@]+@[^\s@]+$/;

/** The addresses of a file, one a line; what begins with # is a remark. Read anew each time. */
export const listedIn =
  (path: string): ListPeople =>
  async () => {
    const text = await readFile(path, 'utf8').catch((cause: unknown) => {
      throw new AppError(
        'invalidInput',
        'HUB_SYNC_PEOPLE_FILE names a file that can not be read. Check path and permissions.',
        {
          cause,
        },
      );
    });
    const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim().toLowerCase());
    const wrong = lines.findIndex((line) => line !== '' && !ADDRESS.test(line));
    if (wrong !== -1) {
      throw new AppError(
        'invalidInput',
        `Line ${wrong + 1} of HUB_SYNC_PEOPLE_FILE is no address. Write one address a line.`,
      );
    }
    return [...new Set(lines.filter((line) => line !== ''))].map((address) => ({
      mailbox: address,
      address,
      name: '',
    }));
  };
