import type { Exchange } from '../../src/sandbox/index.ts';
import { judge, loadContracts, type SpecName } from './specs.ts';

const contracts = loadContracts();

/** What the published contracts have against these exchanges. Trouble that a test injected is not held against the service. */
export function findings(exchanges: readonly Exchange[]): string[] {
  const served = exchanges.filter(({ injected }) => !injected);
  const asked = exchanges
    .filter(({ injected }) => injected)
    .flatMap((exchange) => {
      const contract = contracts?.[exchange.service as SpecName];
      return contract?.request(exchange) ?? [];
    });
  return [...judge(contracts, served), ...asked];
}
