import axeCore from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe-core finds wrong on a page, one line each: the rule, and where. Empty when all is well. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  // The content security policy of the pages lets no script in; what the debugger evaluates is none.
  await page.evaluate(axeCore.source);
  return page.evaluate(async () => {
    interface Found {
      readonly id: string;
      readonly help: string;
      readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
    }
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: readonly Found[] }> } };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary = '' }) => `${id}: ${help}: ${target.join(' ')}: ${failureSummary}`),
    );
  });
}
