import { escapeHtml } from '../../messages.ts';
import { tokenTag } from '../../tokenTag.ts';

const STYLE = `
:root { color-scheme: light dark; --line: #d8dce2; --quiet: #5c6672; }
@media (prefers-color-scheme: dark) { :root { --line: #3a414b; --quiet: #a3adba; } }
body { margin: 0; padding: 12px 14px; font: 14px/1.4 system-ui, sans-serif; }
h1 { margin: 0 0 8px; font-size: 15px; }
ul { margin: 0; padding: 0; list-style: none; }
li { display: grid; grid-template-columns: 14px 1fr; gap: 0 8px; padding: 7px 0; border-top: 1px solid var(--line); }
li::before { content: ''; width: 10px; height: 10px; margin-top: 5px; border-radius: 50%; background: #8993a0; }
li[data-state=available]::before { background: #1f9d61; }
li[data-state=busy]::before { background: #d9730d; }
li[data-state=dnd]::before { background: #d13438; border-radius: 3px; }
li[data-state=away]::before { background: #d9a400; }
li[data-state=offline]::before { background: none; box-shadow: inset 0 0 0 2px #8993a0; }
.name { overflow-wrap: anywhere; font-weight: 600; }
.says { grid-column: 2; overflow-wrap: anywhere; color: var(--quiet); }
#state { margin: 8px 0 0; color: var(--quiet); }
#state:empty { display: none; }
`;

/** Looks every five seconds, with the token that came last. People's words are text, never markup. */
const SCRIPT = `
let token = document.querySelector('meta[name=token]').content;
const list = document.getElementById('people');
const state = document.getElementById('state');
let shown = '';
function part(name, text) {
  const span = document.createElement('span');
  span.className = name;
  span.textContent = text;
  return span;
}
function show(people) {
  const now = JSON.stringify(people);
  if (now === shown) return;
  shown = now;
  list.replaceChildren(...people.map((person) => {
    const item = document.createElement('li');
    item.dataset.state = person.state;
    item.append(part('name', person.name), part('says', person.says));
    return item;
  }));
}
async function look() {
  try {
    const answer = await fetch('../data?signed_request=' + encodeURIComponent(token));
    if (!answer.ok) throw new Error();
    token = answer.headers.get('x-acpt') ?? token;
    const { people } = await answer.json();
    show(people);
    state.textContent = people.length === 0 ? 'Nobody here is in the hub yet.' : '';
  } catch {
    state.textContent = 'No connection. Trying again …';
  }
  setTimeout(look, 5000);
}
look();
`;

export const panelPage = (token: string, nonce: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
${tokenTag(token)}
<title>Status</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Who is busy</h1>
<ul id="people" aria-live="polite"></ul>
<p id="state" role="status">Looking …</p>
<script nonce="${escapeHtml(nonce)}">${SCRIPT}</script>
</body>
</html>`;

export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="#d13438"/><path d="M4 7h8v2H4z" fill="#fff"/></svg>`;
