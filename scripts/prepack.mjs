// Before `npm pack`: what is packed is what the sources make now. Quiet when out/ is up to date.
import { ensureBuild } from './lib/build.mjs';
import { ensure, runScript } from './setup.mjs';

await runScript(async () => {
  const say = (line) => process.stderr.write(`pack: ${line}\n`);
  await ensure({ say });
  await ensureBuild(say);
});
