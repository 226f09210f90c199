import { abilities } from '../../core/abilities.ts';
import { type Account, accountLabel, PROVIDER_NAMES } from '../../core/accounts.ts';
import { isChat } from '../../core/answers.ts';
import type { Prompt } from '../../core/prompt.ts';
import { entryOf } from '../../core/providerCatalogue.ts';
import type { Settings } from '../../core/settings.ts';
import type { SyncState } from '../../core/syncState.ts';
import { type Speech, type TextKey, text } from '../../core/texts.ts';
import { accountState } from './accountWords.ts';
import { addable } from './promptAccounts.ts';
import type { MenuCommand, MenuItem } from './trayView.ts';

type CommandItem = Extract<MenuItem, { type: 'command' }>;

const command = (id: string, label: string, what: MenuCommand): CommandItem => {
  return { type: 'command', id, label, enabled: true, command: what };
};

const prompt = (id: string, label: string, asked: Prompt): CommandItem =>
  command(id, label, { kind: 'prompt', prompt: asked });

/** What the person can do only where the organisation has not set it. */
function lockable(item: CommandItem, isLocked: boolean, speech: Speech): MenuItem {
  return isLocked ? { ...item, label: text('menu.locked', speech, { label: item.label }), enabled: false } : item;
}

/** Each account with its state and what can be done about it, and the providers of which one can be added. */
export function accountsMenu(
  settings: Settings,
  locked: ReadonlySet<string>,
  { calendars, chats }: SyncState,
  speech: Speech,
): readonly MenuItem[] {
  const stateOf = (account: Account) =>
    isChat(account) ? chats.find(({ id }) => id === account.id) : calendars.find(({ id }) => id === account.id);
  const say = (key: TextKey) => text(key, speech);
  const accounts: readonly Account[] = [...settings.calendars, ...settings.chats];
  return [
    ...accounts.map((account): MenuItem => {
      const isLocked = locked.has(isChat(account) ? 'chats' : 'calendars');
      return {
        type: 'submenu',
        id: `account.${account.id}`,
        label: `${accountLabel(account)}: ${accountState(stateOf(account), speech)}`,
        items: [
          // Who may not add or remove an account may still renew the sign-in of one that is there.
          prompt(`renew.${account.id}`, say(`menu.renew.${entryOf(account.provider).renews}`), {
            kind: 'renew',
            account: account.id,
          }),
          ...linkItems(account, settings, speech),
          ...('calendars' in account
            ? [
                lockable(
                  prompt(`calendars.${account.id}`, say('menu.calendars'), { kind: 'calendars', account: account.id }),
                  isLocked,
                  speech,
                ),
              ]
            : []),
          ...abilityItems(account, chats, speech),
          lockable(
            prompt(`remove.${account.id}`, say('menu.remove'), { kind: 'remove', account: account.id }),
            isLocked,
            speech,
          ),
        ],
      };
    }),
    ...(accounts.length === 0 ? [] : [{ type: 'separator', id: 'after-account-list' } as const]),
    adding(settings, 'calendar', locked.has('calendars'), speech),
    adding(settings, 'chat', locked.has('chats'), speech),
  ];
}

/** What HipStatus can do in a chat, and what this server does not let it do. */
function abilityItems({ id }: Account, chats: SyncState['chats'], speech: Speech): readonly MenuItem[] {
  const chat = chats.find((one) => one.id === id);
  if (chat === undefined) return [];
  const { can, cannot } = abilities(chat.capabilities, speech);
  const lines = [
    ...(can.length > 0 ? [text('menu.can', speech), ...can.map((one) => `  • ${one}`)] : []),
    ...(cannot.length > 0 ? [text('menu.cannot', speech), ...cannot.map((one) => `  • ${one}`)] : []),
  ];
  const items = lines.map((label, index): MenuItem => ({ type: 'info', id: `abilities.${id}.${index}`, label }));
  return [{ type: 'submenu', id: `abilities.${id}`, label: text('menu.abilities', speech), items }];
}

/** The pages where an organisation's people find their tokens. */
function linkItems({ id, provider }: Account, { organisation }: Settings, speech: Speech): readonly MenuItem[] {
  return entryOf(provider).fields.flatMap(({ key, link }) => {
    if (link?.to !== 'hipchatTokenUrl' && link?.to !== 'slackTokenUrl') return [];
    const label = text(link.label, speech);
    return [command(`link.${id}.${key}`, label, { kind: 'openAddress', url: organisation[link.to] })];
  });
}

function adding(settings: Settings, what: 'calendar' | 'chat', isLocked: boolean, speech: Speech): MenuItem {
  const id = `add-${what}`;
  const label = text(what === 'chat' ? 'menu.addChat' : 'menu.addCalendar', speech);
  if (isLocked) return lockable(prompt(id, label, { kind: 'choose', what }), true, speech);
  const items = addable(settings, what).map((provider) =>
    prompt(`add.${provider}`, PROVIDER_NAMES[provider], { kind: 'add', provider }),
  );
  return { type: 'submenu', id, label, items };
}
