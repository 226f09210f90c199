import { abilities } from '../../core/abilities.ts';
import { type Account, accountLabel, PROVIDER_NAMES } from '../../core/accounts.ts';
import { isChat } from '../../core/answers.ts';
import type { Prompt } from '../../core/prompt.ts';
import { entryOf } from '../../core/providerCatalogue.ts';
import type { Settings } from '../../core/settings.ts';
import type { SyncState } from '../../core/syncState.ts';
import { type Speech, text } from '../../core/texts.ts';
import { accountState, renewLabel } from './accountWords.ts';
import { addable } from './promptAccounts.ts';
import type { MenuCommand, MenuItem } from './trayView.ts';

/** The label of an item that may be locked. */
export const lockable = (label: string, isLocked: boolean, speech: Speech): string =>
  isLocked ? `${label}${text('menu.locked', speech)}` : label;

const command = (id: string, label: string, what: MenuCommand, isLocked = false): MenuItem => ({
  type: 'command',
  id,
  label,
  enabled: !isLocked,
  command: what,
});

const prompt = (id: string, label: string, asked: Prompt, isLocked = false): MenuItem =>
  command(id, label, { kind: 'prompt', prompt: asked }, isLocked);

/** Each account with its state and what can be done about it, and the providers of which one can be added. */
export function accountsMenu(
  settings: Settings,
  locked: ReadonlySet<string>,
  { calendars, chats }: SyncState,
  speech: Speech,
): readonly MenuItem[] {
  const stateOf = (account: Account) =>
    isChat(account) ? chats.find(({ id }) => id === account.id) : calendars.find(({ id }) => id === account.id);
  const accounts: readonly Account[] = [...settings.calendars, ...settings.chats];
  return [
    ...accounts.map((account): MenuItem => {
      const isLocked = locked.has(isChat(account) ? 'chats' : 'calendars');
      return {
        type: 'submenu',
        id: `account.${account.id}`,
        label: `${accountLabel(account)}: ${accountState(stateOf(account))}`,
        items: [
          // Who may not add or remove an account may still renew the sign-in of one that is there.
          prompt(`renew.${account.id}`, renewLabel(account.provider), { kind: 'renew', account: account.id }),
          ...linkItems(account, settings, speech),
          ...('calendars' in account
            ? [
                prompt(
                  `calendars.${account.id}`,
                  lockable('Choose calendars…', isLocked, speech),
                  { kind: 'calendars', account: account.id },
                  isLocked,
                ),
              ]
            : []),
          ...abilityItems(account, chats),
          prompt(
            `remove.${account.id}`,
            lockable('Remove…', isLocked, speech),
            { kind: 'remove', account: account.id },
            isLocked,
          ),
        ],
      };
    }),
    ...(accounts.length === 0 ? [] : [{ type: 'separator', id: 'after-account-list' } as const]),
    adding(settings, 'calendar', 'Add a calendar…', locked.has('calendars'), speech),
    adding(settings, 'chat', 'Add a chat…', locked.has('chats'), speech),
  ];
}

/** What HipStatus can do in a chat, and what this server does not let it do. */
function abilityItems({ id }: Account, chats: SyncState['chats']): readonly MenuItem[] {
  const chat = chats.find((one) => one.id === id);
  if (chat === undefined) return [];
  const { can, cannot } = abilities(chat.capabilities);
  const lines = [
    ...(can.length > 0 ? ['HipStatus can:', ...can.map((one) => `  • ${one}`)] : []),
    ...(cannot.length > 0 ? ['It cannot:', ...cannot.map((one) => `  • ${one}`)] : []),
  ];
  const items = lines.map((label, index): MenuItem => ({ type: 'info', id: `abilities.${id}.${index}`, label }));
  return [{ type: 'submenu', id: `abilities.${id}`, label: 'What HipStatus can do there', items }];
}

/** The pages where an organisation's people find their tokens. */
function linkItems({ id, provider }: Account, { organisation }: Settings, speech: Speech): readonly MenuItem[] {
  return entryOf(provider).fields.flatMap(({ key, link }) => {
    if (link?.to !== 'hipchatTokenUrl' && link?.to !== 'slackTokenUrl') return [];
    const label = text(link.label, speech);
    return [command(`link.${id}.${key}`, label, { kind: 'openAddress', url: organisation[link.to] })];
  });
}

function adding(
  settings: Settings,
  what: 'calendar' | 'chat',
  label: string,
  isLocked: boolean,
  speech: Speech,
): MenuItem {
  const id = `add-${what}`;
  if (isLocked) {
    return prompt(id, lockable(label, true, speech), { kind: 'choose', what }, true);
  }
  const items = addable(settings, what).map((provider) =>
    prompt(`add.${provider}`, PROVIDER_NAMES[provider], { kind: 'add', provider }),
  );
  return { type: 'submenu', id, label, items };
}
