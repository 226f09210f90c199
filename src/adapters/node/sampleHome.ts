import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Loaded before the icon is there: keep it light.

/** What the names of the folders begin with. */
export const SAMPLE_HOME = 'hipstatus-sample-';

/** A home folder for the app with sample data, for its owner alone; `sweepSampleHomes` removes what is left of it. */
export const makeSampleHome = (): string => mkdtempSync(join(tmpdir(), SAMPLE_HOME));
