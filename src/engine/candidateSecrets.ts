import type { SecretName } from '../core/secretNames.ts';
import type { SecretStore } from '../ports/secretStore.ts';

/** A secret that was typed but is not kept yet. */
export interface Candidate extends SecretName {
  readonly value: string;
}

/** The keychain as it would be with the candidates in it: what is typed is tried before it is kept. */
export function withCandidates(secrets: SecretStore, candidates: readonly Candidate[]): SecretStore {
  const find = ({ kind, account }: SecretName) =>
    candidates.find((candidate) => candidate.kind === kind && candidate.account === account);
  return {
    get: async (name) => find(name)?.value ?? (await secrets.get(name)),
    set: (name, value) => secrets.set(name, value),
    delete: (name) => secrets.delete(name),
    probe: () => secrets.probe(),
  };
}

/** Keeps all of them. */
export async function keepCandidates(secrets: SecretStore, candidates: readonly Candidate[]): Promise<void> {
  for (const { kind, account, value } of candidates) await secrets.set({ kind, account }, value);
}
