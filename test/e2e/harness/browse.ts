// The stub browser as a command: `tsx browse.ts CA-FILE ACCOUNT URL`. A person who signs in at the address that was opened.
import { readFileSync } from 'node:fs';
import { browse } from '../../../src/sandbox/index.ts';

const [caFile = '', account = '', url = ''] = process.argv.slice(2);
const page = await browse(url, { account, ca: readFileSync(caFile, 'utf8') });
console.log(`${page.status} ${new URL(page.url).origin}`);
