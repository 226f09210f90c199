const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes text for HTML content and double-quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<style>body{font:16px system-ui;max-width:26rem;margin:4rem auto}label,input,button{display:block;margin:.5rem 0}</style>
</head><body><h1>${escapeHtml(title)}</h1>${body}</body></html>`;
}

function hidden(fields: Record<string, string>): string {
  return Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('');
}

/** The account form. `ctx` ties it to the request it continues; `problem` is what was wrong the last time. */
export function signInPage(options: { action: string; ctx: string; hint: string; app: string; problem?: string }) {
  const problem = options.problem === undefined ? '' : `<p role="alert">${escapeHtml(options.problem)}</p>`;
  return page(
    'Sign in to your account',
    `<p>to continue to ${escapeHtml(options.app)}</p>${problem}
<form method="post" action="${escapeHtml(options.action)}">${hidden({ ctx: options.ctx })}
<label>Email <input name="login" type="email" autofocus value="${escapeHtml(options.hint)}"></label>
<label>Password <input name="passwd" type="password"></label>
<button name="action" value="signin">Sign in</button> <button name="action" value="cancel">Cancel</button></form>`,
  );
}

/** The page that hands the answer to the app: a form which the browser posts by itself. */
export function formPostPage(target: string, fields: Record<string, string>): string {
  return page(
    'Working...',
    `<form method="post" name="hiddenform" action="${escapeHtml(target)}">${hidden(fields)}
<noscript><p>Script is disabled. Click Submit to continue.</p><button>Submit</button></noscript></form>
<script>document.forms[0].submit()</script>`,
  );
}

/** Where a person types the code that a device shows. */
export function deviceCodePage(action: string, problem?: string): string {
  const alert = problem === undefined ? '' : `<p role="alert">${escapeHtml(problem)}</p>`;
  return page(
    'Enter code',
    `${alert}<form method="post" action="${escapeHtml(action)}">
<label>Code <input name="otc" autocomplete="off" autofocus></label><button>Next</button></form>`,
  );
}

/** A page that only says something. */
export function messagePage(title: string, text: string): string {
  return page(title, `<p>${escapeHtml(text)}</p>`);
}
